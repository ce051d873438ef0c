extension PairModel {
  /// The model as bytes.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    for value in [
      widths.odds, widths.slope, widths.densityExponent, meanDensity, counterparts, counterpartsError,
    ] { writer.put(value) }
    widths.shares.write(to: &writer)
    writer.put(doubles: levelWeights)
    pulls.write(to: &writer)
    for side in [a, b] { side.write(to: &writer) }
    writer.put(
      bytes: logMagnitudeFactors.flatMap { factor in (0..<4).map { UInt8(factor.bitPattern >> (8 * $0) & 255) } })
    return writer.bytes
  }

  /// A model of that form.
  /// - Throws: `Malformed` for bytes that are not a model's.
  public init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    let (odds, slope, exponent) = (try reader.double(), try reader.double(), try reader.double())
    meanDensity = try reader.double()
    counterparts = try reader.double()
    counterpartsError = try reader.double()
    widths = PairWidths(odds: odds, shares: try WidthShares(from: &reader), slope: slope, densityExponent: exponent)
    levelWeights = try reader.doubles()
    pulls = try PairPulls(from: &reader)
    a = try PairModelSide(from: &reader)
    b = try PairModelSide(from: &reader)
    let bytes = Array(try reader.slice())
    guard bytes.count == 4 * PairKind.folds * a.classes * b.classes else { throw IntegerReader.Malformed() }
    logMagnitudeFactors = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
    }
    guard reader.isAtEnd, isPossible else { throw IntegerReader.Malformed() }
  }

  /// Whether all numbers are such as a fit gives, so that every pair has a finite verdict.
  private var isPossible: Bool {
    let positive = [widths.odds, meanDensity] + a.errorFactors + b.errorFactors
    let shares = a.shares + b.shares + a.sharesWithoutMagnitudes + b.sharesWithoutMagnitudes
    return positive.allSatisfy { $0 > 0 && $0.isFinite } && shares.allSatisfy { $0 >= 0 && $0 < 1 }
      && logMagnitudeFactors.allSatisfy { $0.isFinite } && widths.isPossible && counterparts >= 0
      && counterparts.isFinite && counterpartsError >= 0 && [a, b].allSatisfy(\.isPossible)
  }
}

extension PairWidths {
  fileprivate var isPossible: Bool {
    shares.isPossible && abs(slope) <= 1 && densityExponent.isFinite
  }
}

extension WidthShares {
  fileprivate var isPossible: Bool {
    ranges.allSatisfy { weights in
      weights.count == WidthComponent.all.count && weights.allSatisfy { $0 >= 0 && $0.isFinite }
        && weights.contains { $0 > 0 }
    }
  }

  fileprivate func write(to writer: inout IntegerWriter) {
    writer.put(unsigned: UInt64(ends.count))
    for end in ends { writer.put(unsigned: UInt64(end)) }
    for weights in ranges { writer.put(doubles: weights) }
  }

  fileprivate init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    var (ends, ranges) = ([Int](), [[Double]]())
    for _ in 0..<(try reader.count(limit: LogBins.spreads.count)) {
      ends.append(try reader.count(limit: LogBins.spreads.count))
    }
    for _ in 0...ends.count { ranges.append(try reader.doubles()) }
    guard let shares = WidthShares(ends: ends, ranges: ranges) else { throw IntegerReader.Malformed() }
    self = shares
  }
}

extension PairModelSide {
  fileprivate var isPossible: Bool {
    blocks.count == LogBins.errors.count && blocks.allSatisfy { $0 < errorFactors.count }
      && sharesWithoutMagnitudes.count == errorFactors.count && shares.count == classes * errorFactors.count
      && meanSpreadArcsec2 > 0 && meanSpreadArcsec2.isFinite
  }

  fileprivate func write(to writer: inout IntegerWriter) {
    writer.put(unsigned: UInt64(classes))
    writer.put(meanSpreadArcsec2)
    writer.put(bytes: blocks)
    for list in [errorFactors, shares, sharesWithoutMagnitudes] { writer.put(doubles: list) }
  }

  fileprivate init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    classes = try reader.count(limit: PairKind.mostClasses + 1)
    meanSpreadArcsec2 = try reader.double()
    blocks = Array(try reader.slice())
    errorFactors = try reader.doubles()
    shares = try reader.doubles()
    sharesWithoutMagnitudes = try reader.doubles()
    guard classes > 0 else { throw IntegerReader.Malformed() }
  }
}
