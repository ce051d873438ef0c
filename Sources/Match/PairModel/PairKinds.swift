/// The pairs of a region by kind: how many of each, and the odds that a pair of the kind is a counterpart.
///
/// Row k stands for `counts[k]` pairs alike. With u the odds of counterpart to chance per unit of the density e(t) of
/// counterparts in t = χ²/2, E = ∫₀ᵀ e and T the limit of the search, a row has the odds
///
///     g = u e(t)/c   once t is known,      q = u E/T   before,
///
/// and every factor h of u that is fitted here maximises Σ n [ln(1 + h g) − ln(1 + h q)].
///
/// Numbers are brought into the range where all that follows is finite; what is not a number counts as 0.
struct PairKinds: Sendable {
  /// The number of folds: parts of the sky of which each is judged by the four others.
  static let folds = 5

  /// n, pairs of each row; 0 to 10¹⁵.
  let counts: [Double]
  /// g, the odds once t is known; 0 to 10³⁰.
  private(set) var after: [Double]
  /// q, the odds before t is known; 0 to 10³⁰.
  private(set) var before: [Double]
  /// E, the share of counterparts within the search; 10⁻⁹ to 1.
  private(set) var shares: [Double]
  /// The fold, 0 to 4.
  let fold: [UInt8]
  /// The fine class of magnitude of the source of a, 0 ..< `classesA`.
  let classA: [Int32]
  /// Of b, likewise.
  let classB: [Int32]
  /// The bin of the quoted error of the source of a, in steps of 0.025 dex, 0 ..< `errorBinsA`.
  let errorA: [Int32]
  /// Of b, likewise.
  let errorB: [Int32]

  /// Fine classes of a, that without magnitude included; at least 1.
  let classesA: Int
  /// Of b, likewise.
  let classesB: Int
  /// Whether the last class of a holds sources without magnitude.
  let hasUnknownA: Bool
  /// Of b, likewise.
  let hasUnknownB: Bool
  /// Bins of the quoted error of a; at least 1.
  let errorBinsA: Int
  /// Of b, likewise.
  let errorBinsB: Int
  /// Sources of a by class and error bin: element class · `errorBinsA` + bin.
  let sourcesA: [Int64]
  /// Of b, likewise.
  let sourcesB: [Int64]

  /// Rows by column.
  ///
  /// - Precondition: Columns of one length, classes, bins and folds in range, sources of each class and bin.
  init(
    counts: [Double], after: [Double], before: [Double], shares: [Double], fold: [UInt8],
    classA: [Int32], classB: [Int32], errorA: [Int32], errorB: [Int32],
    classesA: Int, classesB: Int, hasUnknownA: Bool, hasUnknownB: Bool,
    errorBinsA: Int, errorBinsB: Int, sourcesA: [Int64], sourcesB: [Int64]
  ) {
    self.counts = counts.map { Self.bounded($0, to: 1e15) }
    self.after = after.map(Self.odds)
    self.before = before.map(Self.odds)
    self.shares = shares.map(Self.share)
    (self.fold, self.classA, self.classB, self.errorA, self.errorB) = (fold, classA, classB, errorA, errorB)
    (self.classesA, self.classesB) = (classesA, classesB)
    (self.hasUnknownA, self.hasUnknownB) = (hasUnknownA, hasUnknownB)
    (self.errorBinsA, self.errorBinsB) = (errorBinsA, errorBinsB)
    (self.sourcesA, self.sourcesB) = (sourcesA, sourcesB)
    checkShape()
  }

  /// The number of rows.
  var rows: Int { counts.count }

  /// The side of a, as the fits see it: they treat both sides alike.
  var sideA: PairSide {
    PairSide(
      rowClass: classA, rowErrorBin: errorA, classes: classesA, hasUnknown: hasUnknownA, errorBins: errorBinsA,
      sources: sourcesA)
  }

  /// The side of b, likewise.
  var sideB: PairSide {
    PairSide(
      rowClass: classB, rowErrorBin: errorB, classes: classesB, hasUnknown: hasUnknownB, errorBins: errorBinsB,
      sources: sourcesB)
  }

  /// Takes other odds for the same rows, as other widths or another number of counterparts give them.
  ///
  /// - Precondition: One value a row.
  mutating func replaceOdds(after: [Double], before: [Double], shares: [Double]) {
    precondition(
      after.count == rows && before.count == rows && shares.count == rows,
      "PairKinds: odds of \(after.count), \(before.count), \(shares.count) rows; allowed: \(rows)")
    self.after = after.map(Self.odds)
    self.before = before.map(Self.odds)
    self.shares = shares.map(Self.share)
  }

  /// Odds in the range that keeps products finite, 0 to 10³⁰.
  static func odds(_ value: Double) -> Double { bounded(value, to: 1e30) }

  private static func share(_ value: Double) -> Double { max(bounded(value, to: 1), 1e-9) }

  private static func bounded(_ value: Double, to limit: Double) -> Double { value > 0 ? min(value, limit) : 0 }

  private func checkShape() {
    let lengths = [after.count, before.count, shares.count, fold.count]
    precondition(
      lengths.allSatisfy { $0 == rows } && fold.allSatisfy { $0 < Self.folds },
      "PairKinds: columns of \(lengths) rows; allowed: \(rows) each, folds 0 to \(Self.folds - 1)")
    precondition(sideA.isWhole(rows: rows), "PairKinds: classes, error bins or sources of a are out of range")
    precondition(sideB.isWhole(rows: rows), "PairKinds: classes, error bins or sources of b are out of range")
  }
}
