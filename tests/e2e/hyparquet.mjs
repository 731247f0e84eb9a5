// Says of the parts of an export what tests/readers/read.py says, as hyparquet reads them.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'

const parsers = { timestampFromMicroseconds: (micros) => micros }
const columns = ['player_id', 'guild', 'level', 'race', 'class', 'where', 'datetime']
const told = Object.fromEntries(columns.map((name) => [name, { count: 0, whole: 0n, rest: 0 }]))
for (const part of process.argv.slice(2)) {
    for (const row of await parquetReadObjects({ file: await asyncBufferFromFile(part), parsers })) {
        for (const name of columns) {
            const value = typeof row[name] === 'string' ? BigInt(Buffer.byteLength(row[name])) : row[name]
            if (value === null || value === undefined) continue
            told[name].count += 1
            if (typeof value === 'bigint') told[name].whole += value
            else told[name].rest += value
        }
    }
}
const sum = ({ whole, rest }) => String(Number.isInteger(rest) ? whole + BigInt(rest) : Number(whole) + rest)
const sums = Object.entries(told).map(([name, found]) => [name, [found.count, sum(found)]])
console.log(JSON.stringify({ hyparquet: Object.fromEntries(sums) }))
