import { defineStrategy } from '../strategy.ts'

export default defineStrategy({ name: 'arbitrage', params: {}, state: {}, setup() {} })
