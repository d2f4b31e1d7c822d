-- Prevented matches of an account, as taker or as maker, newest first.
CREATE INDEX prevented_matches_maker ON views.prevented_matches (maker_account, event_no);
CREATE INDEX prevented_matches_taker ON views.prevented_matches (taker_account, event_no);
