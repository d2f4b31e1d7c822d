-- Depth: order types, amendments, phases, fee tiers and marks of accounts in the views, and a number
-- for every API key. What is there keeps its meaning: it has the new columns at their defaults.

ALTER TABLE views.orders
  ADD COLUMN trigger_price bigint NOT NULL DEFAULT 0,
  ADD COLUMN trigger_by text NOT NULL DEFAULT 'last',
  ADD COLUMN stop_price bigint NOT NULL DEFAULT 0,
  ADD COLUMN take_profit_price bigint NOT NULL DEFAULT 0,
  ADD COLUMN display_size bigint NOT NULL DEFAULT 0,
  ADD COLUMN trail bigint NOT NULL DEFAULT 0,
  ADD COLUMN trail_in text NOT NULL DEFAULT 'ticks',
  ADD COLUMN expire_at bigint NOT NULL DEFAULT 0,
  ADD COLUMN reduce_only boolean NOT NULL DEFAULT false,
  ADD COLUMN slide boolean NOT NULL DEFAULT false,
  ADD COLUMN fee_in text NOT NULL DEFAULT 'quote',
  ADD COLUMN triggered_at bigint NOT NULL DEFAULT 0;

ALTER TABLE views.fills ADD COLUMN fee_in_base boolean NOT NULL DEFAULT false;
ALTER TABLE views.positions ADD COLUMN fees_in_base bigint NOT NULL DEFAULT 0;

ALTER TABLE views.accounts
  ADD COLUMN frozen boolean NOT NULL DEFAULT false,
  ADD COLUMN closed boolean NOT NULL DEFAULT false;

-- What of a market changes while it trades; tiers is a JSON list.
CREATE TABLE views.market_states (
  market bigint PRIMARY KEY,
  phase text NOT NULL,
  ends_at bigint NOT NULL,
  mark_price bigint NOT NULL,
  min_notional bigint NOT NULL,
  collar_bps bigint NOT NULL,
  band_bps bigint NOT NULL,
  band_window_us bigint NOT NULL,
  halt_us bigint NOT NULL,
  auction_us bigint NOT NULL,
  session_open_us bigint NOT NULL,
  session_close_us bigint NOT NULL,
  tiers text NOT NULL,
  delisted boolean NOT NULL
) WITH (fillfactor = 70);

INSERT INTO views.market_states
SELECT market, 'continuous', 0, 0, min_notional, 0, 0, 0, 0, 0, 0, 0,
  format('[{"minNotional":0,"makerRate":%s,"takerRate":%s}]', maker_rate, taker_rate), false
FROM views.markets;

-- Two orders of one owner that met and did not trade.
CREATE TABLE views.prevented_matches (
  event_no bigint PRIMARY KEY,
  market bigint NOT NULL,
  taker_side text NOT NULL,
  self_trade text NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL,
  maker_order_id bigint NOT NULL,
  taker_order_id bigint NOT NULL,
  maker_account bigint NOT NULL,
  taker_account bigint NOT NULL,
  at bigint NOT NULL
);

-- The engine names a key by its number; numbers are never used again.
ALTER TABLE records.api_keys ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY UNIQUE;
