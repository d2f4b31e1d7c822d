// Jobs kept in PostgreSQL.

import { jobCases } from './job-cases.ts'

await jobCases(null)
