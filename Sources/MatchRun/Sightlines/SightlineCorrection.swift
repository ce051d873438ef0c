internal import Indexing
public import Match

/// What was found of a catalogue's errors on one sightline, as it is stored.
public struct SightlineCorrection: Sendable, Hashable {
  /// m and n, and how well they describe the separations.
  public var record: CorrectionRecord
  /// The correlation of the numbers that are fitted: of m² and n², or of m and n in the linear relation.
  public var correlation = 0.0
  /// The share of the pairs that are chance, over all groups.
  public var chanceShare = 0.0
  /// Pairs were looked for within this separation, arcsec.
  public var limitArcsec = 0.0
  /// Where the catalogue lies, seen from the better one, mas; as positions are given, before frames are aligned. 0 where nothing was measured.
  public var eastMas = 0.0
  public var northMas = 0.0
  public var offsetErrorMas = 0.0

  init(_ record: CorrectionRecord) { self.record = record }

  // MARK: Bytes

  var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(bytes: record.payload)
    for value in [correlation, chanceShare, limitArcsec, eastMas, northMas, offsetErrorMas] { writer.put(value) }
    return writer.bytes
  }

  /// - Throws: `IntegerReader.Malformed` for bytes that are none.
  init(payload: [UInt8]) throws {
    var reader = IntegerReader(payload[...])
    record = try CorrectionRecord(payload: Array(try reader.slice()))
    (correlation, chanceShare, limitArcsec) = (try reader.double(), try reader.double(), try reader.double())
    (eastMas, northMas, offsetErrorMas) = (try reader.double(), try reader.double(), try reader.double())
    guard reader.isAtEnd, abs(correlation) <= 1.000001, (0...1).contains(chanceShare), limitArcsec >= 0,
      (limitArcsec + eastMas + northMas + offsetErrorMas).isFinite
    else { throw IntegerReader.Malformed() }
  }
}
