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
  /// How many times as fast as the model has them sources of unknown motion move; 0: none has moved.
  public var motionScale = 0.0
  /// The ranges of a covariate, and what was found in each; nil and none where errors are not looked at by one.
  public private(set) var covariate: CovariateRanges?
  public private(set) var ranges: [RangeCorrection] = []

  init(_ record: CorrectionRecord) { self.record = record }

  /// Takes what was found in the ranges of a covariate, one for each.
  mutating func take(_ found: [RangeCorrection], _ covariate: CovariateRanges) {
    (self.covariate, ranges) = (covariate, found)
  }

  /// The gain in ln L of the ranges over one m and n for all of them.
  public var covariateGain: Double { ranges.reduce(0) { $0 + $1.gain } }

  /// How many numbers more the ranges have than one m and n.
  public var moreNumbers: Int { max(2 * (ranges.count { $0.record.isMeasured } - 1), 0) }

  // MARK: Bytes

  var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(bytes: record.payload)
    for value in [correlation, chanceShare, limitArcsec, eastMas, northMas, offsetErrorMas] { writer.put(value) }
    if motionScale != 0 {
      writer.put(unsigned: Self.motionPart)
      writer.put(motionScale)
    }
    if let covariate {
      writer.put(unsigned: Self.covariatePart)
      covariate.write(to: &writer)
      for range in ranges {
        writer.put(bytes: range.record.payload)
        writer.put(range.logLikelihoodOfOne)
      }
    }
    return writer.bytes
  }

  /// What may follow, each with its number before it: nothing in what programs wrote that knew of neither.
  private static let (motionPart, covariatePart): (UInt64, UInt64) = (1, 2)

  /// - Throws: `IntegerReader.Malformed` for bytes that are none.
  init(payload: [UInt8]) throws {
    var reader = IntegerReader(payload[...])
    record = try CorrectionRecord(payload: Array(try reader.slice()))
    (correlation, chanceShare, limitArcsec) = (try reader.double(), try reader.double(), try reader.double())
    (eastMas, northMas, offsetErrorMas) = (try reader.double(), try reader.double(), try reader.double())
    while !reader.isAtEnd { try readPart(&reader) }
    guard reader.isAtEnd, ranges.allSatisfy({ !$0.logLikelihoodOfOne.isNaN }), abs(correlation) <= 1.000001,
      (0...1).contains(chanceShare), limitArcsec >= 0,
      (limitArcsec + eastMas + northMas + offsetErrorMas).isFinite, (0...1e6).contains(motionScale)
    else { throw IntegerReader.Malformed() }
  }

  private mutating func readPart(_ reader: inout IntegerReader) throws {
    switch try reader.unsigned() {
    case Self.motionPart where motionScale == 0: motionScale = try reader.double()
    case Self.covariatePart where covariate == nil:
      let covariate = try CovariateRanges(from: &reader)
      self.covariate = covariate
      for _ in 0..<covariate.count {
        var range = RangeCorrection(try CorrectionRecord(payload: Array(try reader.slice())))
        range.logLikelihoodOfOne = try reader.double()
        ranges.append(range)
      }
    default: throw IntegerReader.Malformed()
    }
  }
}
