import { runCampaign } from '/work/auditor/test/support/differential.ts'
import { createDriver } from '/work/auditor/test/support/engine-driver.ts'
import { SMALL, HUGE, CROWDED } from '/work/auditor/test/support/scale.ts'
const COMMANDS = { commands: 2_000, exactly: true, timeLimitMs: 300_000 }
const runs=Number(process.argv[2]??10)
const which=process.argv[3]??'SMALL'
const eng=process.argv[4]==='engine'
const t=performance.now()
const c=process.cpuUsage()
const r=runCampaign({...COMMANDS,seed:20260201,runs,scale:{SMALL,HUGE,CROWDED}[which],stateEvery:which==='CROWDED'?200:50,...(eng?{engine:createDriver}:{})})
const u=process.cpuUsage(c)
console.log(which,eng,runs,r.commands,((performance.now()-t)/runs).toFixed(0)+' ms/run', (u.user/1000/runs).toFixed(0)+' cpu ms/run')
