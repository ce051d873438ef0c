extension CorrectionRecord {
  /// The record as bytes. Reading them back gives the same numbers to the last bit.
  public var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(unsigned: UInt64(relation.rawValue))
    writer.put(doubles: [
      raDegrees, decDegrees, values.x, values.y, variances.x, variances.y, logLikelihood, logLikelihoodAsQuoted,
    ])
    writer.put(Int64(pairs))
    writer.put(Int64(refused))
    writer.put(unsigned: UInt64(groups.count))
    for group in groups { group.write(to: &writer) }
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
    pairs = try reader.int64AsCount()
    refused = try reader.int64AsCount()
    var groups: [CorrectionGroup] = []
    for _ in 0..<(try reader.count(limit: CorrectionPairs.mostGroups)) {
      groups.append(try CorrectionGroup(from: &reader))
    }
    self.groups = groups
    guard reader.isAtEnd, numbers.count == 8, numbers[0].isFinite, abs(numbers[1]) <= 90,
      numbers[2...3].allSatisfy({ $0 >= 0 && $0.isFinite }), numbers[4...5].allSatisfy({ $0 > 0 }),
      numbers[6...7].allSatisfy({ !$0.isNaN })
    else { throw IntegerReader.Malformed() }
    self.relation = relation
    (raDegrees, decDegrees) = (numbers[0], numbers[1])
    values = SIMD2(numbers[2], numbers[3])
    variances = SIMD2(numbers[4], numbers[5])
    (logLikelihood, logLikelihoodAsQuoted) = (numbers[6], numbers[7])
  }
}

extension CorrectionGroup {
  fileprivate func write(to writer: inout IntegerWriter) {
    writer.put(Int64(number))
    writer.put(doubles: [chanceShare, fitness.largestDifference])
    writer.put(fitness.counts)
    writer.put(doubles: edgesArcsec)
    writer.put(counts)
    writer.put(doubles: expected)
  }

  fileprivate init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    let number = try reader.int64AsCount()
    let numbers = try reader.doubles(limit: 2)
    let fitness: [Int] = try reader.array(count: SeparationFitness.bins)
    let edges = try reader.doubles(limit: Self.mostBins + 1)
    let counts: [Int] = try reader.array(limit: Self.mostBins)
    let expected = try reader.doubles(limit: Self.mostBins)
    let most = 1 << 40
    guard number < CorrectionPairs.mostGroups, numbers.count == 2, numbers.allSatisfy({ (0...1).contains($0) }),
      (fitness + counts).allSatisfy({ (0...most).contains($0) }), edges.count == counts.count + 1,
      expected.count == counts.count, (edges + expected).allSatisfy({ $0 >= 0 && $0.isFinite }),
      zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw IntegerReader.Malformed() }
    self.init(
      number: number, chanceShare: numbers[0],
      fitness: SeparationFitness(counts: fitness, largestDifference: numbers[1]), edgesArcsec: edges, counts: counts,
      expected: expected)
  }
}

extension IntegerReader {
  /// A number that is not negative.
  fileprivate mutating func int64AsCount() throws(Malformed) -> Int {
    guard let value = Int(exactly: try int64()), value >= 0 else { throw Malformed() }
    return value
  }
}
