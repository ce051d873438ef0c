extension CorrectionRecord {
  /// The record as bytes. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(unsigned: UInt64(relation.rawValue))
    writer.put(doubles: [
      raDegrees, decDegrees, values.x, values.y, variances.x, variances.y, logLikelihood, logLikelihoodAsQuoted,
    ])
    writer.put(groups)
    writer.put(doubles: chanceShares)
    writer.put(fitnessCounts)
    writer.put(Int64(pairs))
    writer.put(Int64(refused))
    return writer.bytes
  }

  /// A record of that form.
  /// - Throws: `Malformed` for bytes that are not a record's.
  public init(payload: [UInt8]) throws(IntegerReader.Malformed) {
    var reader = IntegerReader(payload[...])
    guard let code = UInt8(exactly: try reader.unsigned()), let relation = ErrorRelation(rawValue: code) else {
      throw IntegerReader.Malformed()
    }
    let numbers = try reader.doubles(limit: 8)
    groups = try reader.array(limit: CorrectionPairs.mostGroups)
    chanceShares = try reader.doubles(limit: CorrectionPairs.mostGroups)
    fitnessCounts = try reader.array(count: SeparationFitness.bins)
    pairs = try reader.int64AsCount()
    refused = try reader.int64AsCount()
    guard reader.isAtEnd, numbers.count == 8, numbers[0].isFinite, abs(numbers[1]) <= 90,
      numbers[2...3].allSatisfy({ $0 >= 0 && $0.isFinite }), numbers[4...5].allSatisfy({ $0 > 0 }),
      numbers[6...7].allSatisfy({ !$0.isNaN }), groups.count == chanceShares.count,
      chanceShares.allSatisfy({ (0...1).contains($0) }), fitnessCounts.allSatisfy({ $0 >= 0 })
    else { throw IntegerReader.Malformed() }
    self.relation = relation
    (raDegrees, decDegrees) = (numbers[0], numbers[1])
    values = SIMD2(numbers[2], numbers[3])
    variances = SIMD2(numbers[4], numbers[5])
    (logLikelihood, logLikelihoodAsQuoted) = (numbers[6], numbers[7])
  }
}

extension IntegerReader {
  /// A number that is not negative.
  fileprivate mutating func int64AsCount() throws(Malformed) -> Int {
    guard let value = Int(exactly: try int64()), value >= 0 else { throw Malformed() }
    return value
  }
}
