-- Views: rows folded from events by platform/views. Every table can be emptied and folded again.
-- Money is in ledger units, sizes are in lots, prices in ticks, instants in microseconds since 1970.

-- One row, made by the projector: the last event that every table holds.
CREATE TABLE views.cursor (
  id bigint PRIMARY KEY CHECK (id = 1),
  event_no bigint NOT NULL,
  seq bigint NOT NULL,
  time bigint NOT NULL
);

CREATE TABLE views.assets (
  asset bigint PRIMARY KEY,
  symbol text NOT NULL,
  scale bigint NOT NULL,
  chain_decimals bigint NOT NULL
);

CREATE TABLE views.markets (
  market bigint PRIMARY KEY,
  symbol text NOT NULL,
  market_kind text NOT NULL,
  base bigint NOT NULL,
  quote bigint NOT NULL,
  price_scale bigint NOT NULL,
  tick_units bigint NOT NULL,
  lot_units bigint NOT NULL,
  quote_per_tick_lot bigint NOT NULL,
  min_notional bigint NOT NULL,
  maker_rate bigint NOT NULL,
  taker_rate bigint NOT NULL
);

CREATE TABLE views.accounts (
  account bigint PRIMARY KEY,
  owner bigint NOT NULL,
  account_kind text NOT NULL,
  user_id text NOT NULL,
  name text NOT NULL
);
CREATE INDEX accounts_owner ON views.accounts (owner);

CREATE TABLE views.orders (
  id bigint PRIMARY KEY,
  account bigint NOT NULL,
  market bigint NOT NULL,
  side text NOT NULL,
  type text NOT NULL,
  time_in_force text NOT NULL,
  post_only boolean NOT NULL,
  self_trade text NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL,
  quote_amount bigint NOT NULL,
  client_order_id text NOT NULL,
  remaining bigint NOT NULL,
  traded bigint NOT NULL,
  quote_traded bigint NOT NULL,
  fee bigint NOT NULL,
  status text NOT NULL,
  reason text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  event_no bigint NOT NULL
);
CREATE INDEX orders_account ON views.orders (account, id);
CREATE INDEX orders_client_order_id ON views.orders (account, client_order_id);
-- What the projector loads at start.
CREATE INDEX orders_open ON views.orders (id) WHERE status IN ('open', 'partially_filled');

CREATE TABLE views.fills (
  event_no bigint NOT NULL,
  market bigint NOT NULL,
  trade_id bigint NOT NULL,
  account bigint NOT NULL,
  order_id bigint NOT NULL,
  client_order_id text NOT NULL,
  side text NOT NULL,
  liquidity text NOT NULL,
  price bigint NOT NULL,
  size bigint NOT NULL,
  notional bigint NOT NULL,
  fee bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (market, trade_id, liquidity)
);
CREATE INDEX fills_account ON views.fills (account, event_no);

CREATE TABLE views.ledger_entries (
  event_no bigint NOT NULL,
  leg bigint NOT NULL,
  account bigint NOT NULL,
  asset bigint NOT NULL,
  amount bigint NOT NULL,
  balance bigint NOT NULL,
  kind text NOT NULL,
  reference bigint NOT NULL,
  market bigint,
  at bigint NOT NULL,
  PRIMARY KEY (account, asset, event_no, leg)
);

CREATE TABLE views.balances (
  account bigint NOT NULL,
  asset bigint NOT NULL,
  cash bigint NOT NULL,
  held bigint NOT NULL,
  PRIMARY KEY (account, asset)
) WITH (fillfactor = 70);

CREATE TABLE views.positions (
  account bigint NOT NULL,
  market bigint NOT NULL,
  position bigint NOT NULL,
  cost bigint NOT NULL,
  realised bigint NOT NULL,
  fees bigint NOT NULL,
  PRIMARY KEY (account, market)
) WITH (fillfactor = 70);

CREATE TABLE views.candles (
  market bigint NOT NULL,
  width bigint NOT NULL CHECK (width IN (1000000, 60000000)),
  open_at bigint NOT NULL,
  open bigint NOT NULL,
  high bigint NOT NULL,
  low bigint NOT NULL,
  close bigint NOT NULL,
  volume bigint NOT NULL,
  quote_volume bigint NOT NULL,
  trades bigint NOT NULL,
  PRIMARY KEY (market, width, open_at)
) WITH (fillfactor = 70);

CREATE TABLE views.deposits (
  event_no bigint PRIMARY KEY,
  account bigint NOT NULL,
  asset bigint NOT NULL,
  amount bigint NOT NULL,
  instance text NOT NULL,
  tx_hash text NOT NULL,
  log_index bigint NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX deposits_account ON views.deposits (account, event_no);

CREATE TABLE views.withdrawals (
  id bigint PRIMARY KEY,
  account bigint NOT NULL,
  asset bigint NOT NULL,
  amount bigint NOT NULL,
  fee bigint NOT NULL,
  address text NOT NULL,
  request_id text NOT NULL,
  status text NOT NULL,
  tx_hash text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  event_no bigint NOT NULL
);
CREATE INDEX withdrawals_account ON views.withdrawals (account, id);

CREATE TABLE views.transfers (
  id bigint PRIMARY KEY,
  account bigint NOT NULL,
  from_account bigint NOT NULL,
  to_account bigint NOT NULL,
  asset bigint NOT NULL,
  amount bigint NOT NULL,
  request_id text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX transfers_account ON views.transfers (account, id);
