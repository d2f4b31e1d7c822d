-- What a chain row led to: credits, payments and the dust left over, submitted again after a crash.
ALTER TABLE records.chain_records ADD COLUMN batch jsonb NOT NULL DEFAULT '{}';
