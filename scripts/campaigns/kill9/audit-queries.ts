// Audit queries: each counts the rows of `views` that contradict one rule; 0 is right.
//
// Each compares two tables that must agree, and answers rows only where they do not. They read and
// never write.

type AuditQuery = { readonly name: string; readonly text: string; readonly finding: string }

/** Empty ones are left out, as in memory. */
export const storedBalances = {
  name: 'audit-balances',
  text: `SELECT account, asset, cash, held FROM views.balances WHERE cash <> 0 OR held <> 0`,
}

export const AUDIT_QUERIES: readonly AuditQuery[] = [
  {
    name: 'audit-ledger',
    finding: 'INV-11: balances that are not the sum of their ledger entries',
    text: `SELECT count(*) FROM views.balances b FULL JOIN (
        SELECT account, asset, sum(amount) AS total FROM views.ledger_entries GROUP BY 1, 2
      ) l USING (account, asset) WHERE coalesce(b.cash, 0) <> coalesce(l.total, 0)`,
  },
  {
    name: 'audit-sums',
    finding: 'INV-01: assets whose ledger entries do not sum to zero',
    text: `SELECT count(*) FROM (
        SELECT asset FROM views.ledger_entries GROUP BY asset HAVING sum(amount) <> 0) a`,
  },
  {
    name: 'audit-trade-ids',
    finding: 'INV-09: markets with gaps in their trade ids or a fill without its other side',
    text: `SELECT count(*) FROM (
        SELECT market FROM views.fills GROUP BY market
        HAVING count(*) <> 2 * max(trade_id) OR count(DISTINCT trade_id) <> max(trade_id)
          OR min(trade_id) <> 1) m`,
  },
  {
    name: 'audit-fill-sides',
    finding: 'INV-05: trades whose maker and taker differ in price or size, or are one account',
    text: `SELECT count(*) FROM views.fills a JOIN views.fills b USING (market, trade_id)
      WHERE a.liquidity = 'maker' AND b.liquidity = 'taker'
        AND (a.price <> b.price OR a.size <> b.size OR a.side = b.side OR a.account = b.account)`,
  },
  {
    name: 'audit-filled',
    finding: 'INV-06: orders whose filled part is not the sum of their fills',
    text: `SELECT count(*) FROM views.orders o FULL JOIN (
        SELECT order_id, sum(size) AS size, sum(notional) AS notional, sum(fee) AS fee
        FROM views.fills GROUP BY 1) f ON f.order_id = o.id
      WHERE o.id IS NULL OR o.traded <> coalesce(f.size, 0)
        OR o.quote_traded <> coalesce(f.notional, 0) OR o.fee <> coalesce(f.fee, 0)`,
  },
  {
    name: 'audit-client-ids',
    finding: 'INV-09: ids of callers with more than one order',
    text: `SELECT count(*) FROM (
        SELECT account, client_order_id FROM views.orders WHERE client_order_id <> ''
        GROUP BY 1, 2 HAVING count(*) > 1) d`,
  },
  {
    name: 'audit-request-ids',
    finding: 'INV-09: ids of callers with more than one transfer',
    text: `SELECT count(*) FROM (
        SELECT account, request_id FROM views.transfers GROUP BY 1, 2 HAVING count(*) > 1) d`,
  },
]
