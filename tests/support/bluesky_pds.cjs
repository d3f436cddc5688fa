// A Bluesky PDS on loopback: `node bluesky_pds.cjs PORT PLC_PORT`, with @atproto/dev-env on NODE_PATH.
const { TestPds, TestPlc } = require('@atproto/dev-env')

async function main() {
  const [port, plcPort] = process.argv.slice(2).map(Number)
  const plc = await TestPlc.create({ port: plcPort })
  await TestPds.create({ port, didPlcUrl: plc.url, inviteRequired: false })
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
