/// What a `PairModel` is fitted to: candidate pairs by kind, sources by class and error. All are integers that add up over the sky.
public struct PairKindCounts: Sendable, Equatable {
  /// Candidate pairs by `PairKind.code`.
  public var pairs: CodeCounts
  /// Sources of a by `PairKind.sourceCode`.
  public var sourcesA: CodeCounts
  /// Those of b.
  public var sourcesB: CodeCounts
  /// How hidden neighbours pull the sources of a.
  public var pullsA = PullSums()
  /// Likewise those of b.
  public var pullsB = PullSums()

  private static let sourceBits = 15

  /// Counts of nothing.
  public init() {
    pairs = CodeCounts()
    sourcesA = CodeCounts()
    sourcesB = CodeCounts()
  }

  /// Counts pairs and sources in any order.
  public init(pairs: [UInt64], sourcesA: [UInt64], sourcesB: [UInt64]) {
    self.pairs = CodeCounts(pairs, bits: PairKind.codeBits)
    self.sourcesA = CodeCounts(sourcesA, bits: Self.sourceBits)
    self.sourcesB = CodeCounts(sourcesB, bits: Self.sourceBits)
  }

  /// Adds counts.
  public static func += (sum: inout PairKindCounts, part: PairKindCounts) {
    sum.pairs += part.pairs
    sum.sourcesA += part.sourcesA
    sum.sourcesB += part.sourcesB
    sum.pullsA += part.pullsA
    sum.pullsB += part.pullsB
  }

  /// Writes the counts.
  public func write(to writer: inout IntegerWriter) {
    for counts in [pairs, sourcesA, sourcesB] { counts.write(to: &writer) }
    for pulls in [pullsA, pullsB] { pulls.write(to: &writer) }
  }

  /// Reads the counts.
  public init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    pairs = try CodeCounts(from: &reader, bits: PairKind.codeBits)
    sourcesA = try CodeCounts(from: &reader, bits: Self.sourceBits)
    sourcesB = try CodeCounts(from: &reader, bits: Self.sourceBits)
    pullsA = try PullSums(from: &reader)
    pullsB = try PullSums(from: &reader)
  }
}
