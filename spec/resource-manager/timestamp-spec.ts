import { expect } from 'chai'
import { parseTimestamp } from '../../lib/resource-manager/index.js'

describe('resource-manager/field, parseTimestamp', () => {
  const dates: readonly (readonly [string, string])[] = [
    ['2024-05-01T08:30:00Z', '2024-05-01T08:30:00.000Z'],
    ['2024-05-01T08:30:00.1Z', '2024-05-01T08:30:00.100Z'],
    ['2024-05-01T08:30:00.123999999Z', '2024-05-01T08:30:00.123Z'],
    ['1969-12-31T23:59:59.999999999Z', '1969-12-31T23:59:59.999Z'],
    ['2024-05-01T08:30:00.5+02:00', '2024-05-01T06:30:00.500Z'],
    ['2024-05-01t08:30:00z', '2024-05-01T08:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999Z'],
  ]
  for (const [timestamp, date] of dates)
    it(`should parse ${timestamp} as ${date}`, () => {
      expect(parseTimestamp(timestamp)?.toISOString()).to.equal(date)
    })

  const invalidTimestamps = [
    '',
    'yesterday',
    '2024-05-01',
    '2024-05-01 08:30:00Z',
    '2024-05-01T08:30:00',
    '2024-05-01T08:30:00.Z',
    '2024-05-01T08:30:00.1234567890Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-05-01T24:00:00Z',
    '2024-05-01T08:60:00Z',
    '0000-01-01T00:00:00Z',
    '+12024-05-01T08:30:00Z',
    ' 2024-05-01T08:30:00Z',
    '2024-05-01T08:30:00+25:00',
  ]
  for (const timestamp of invalidTimestamps)
    it(`should return undefined for ${JSON.stringify(timestamp)}`, () => {
      expect(parseTimestamp(timestamp)).to.equal(undefined)
    })

  it('should return undefined for undefined', () => {
    expect(parseTimestamp(undefined)).to.equal(undefined)
  })
})
