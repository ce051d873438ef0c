import Glibc
import XMDBTestSupport

@testable import Match

/// Made-up pairs of two catalogues with classes of magnitude and bins of quoted error.
struct MadePairs {
  var classesA = 20
  var classesB = 24
  var errorBinsA = 6
  var errorBinsB = 8
  /// Sources of each class and bin.
  var sourcesEach: Int64 = 100
  var counterparts = 4000
  var chance = 12000
  /// Whether counterparts have b's class near a's.
  var ridge = true
  /// Whether counterparts have small errors.
  var sharp = false
  /// The highest class of a that has counterparts.
  var lastClassA = 19

  /// Pairs; those of chance are flat in t, counterparts fall as e⁻ᵗ, to t = 100.
  func kinds(seed: UInt64) -> PairKinds {
    var random = SeededGenerator(seed: seed)
    var rows = Rows()
    for row in 0..<counterparts + chance { add(row < counterparts, to: &rows, &random) }
    return kinds(rows)
  }

  private struct Rows {
    var (after, before): ([Double], [Double]) = ([], [])
    var fold: [UInt8] = []
    var (classA, classB, errorA, errorB): ([Int32], [Int32], [Int32], [Int32]) = ([], [], [], [])
  }

  private func add(_ real: Bool, to rows: inout Rows, _ random: inout SeededGenerator) {
    let odds = 100 * Double(counterparts) / Double(max(chance, 1)) * exp(0.2 * random.normal())
    let t = real ? -log(1 - random.uniform(0...0.999)) : random.uniform(0...100)
    let a = Int.random(in: 0...(real ? lastClassA : classesA - 1), using: &random)
    let near = Int((Double(a) + 2 + 0.7 * random.normal()).rounded())
    let b = real && ridge ? min(max(near, 0), classesB - 1) : Int.random(in: 0..<classesB, using: &random)
    rows.after.append(odds * exp(-t))
    rows.before.append(odds / 100)
    rows.fold.append(UInt8.random(in: 0..<5, using: &random))
    rows.classA.append(Int32(a))
    rows.classB.append(Int32(b))
    rows.errorA.append(Int32.random(in: 0..<Int32(real && sharp ? errorBinsA / 2 : errorBinsA), using: &random))
    rows.errorB.append(Int32.random(in: 0..<Int32(errorBinsB), using: &random))
  }

  private func kinds(_ rows: Rows) -> PairKinds {
    let ones = [Double](repeating: 1, count: rows.after.count)
    return PairKinds(
      counts: ones, after: rows.after, before: rows.before, shares: ones, fold: rows.fold,
      classA: rows.classA, classB: rows.classB, errorA: rows.errorA, errorB: rows.errorB,
      classesA: classesA, classesB: classesB, hasUnknownA: true, hasUnknownB: false,
      errorBinsA: errorBinsA, errorBinsB: errorBinsB,
      sourcesA: [Int64](repeating: sourcesEach, count: classesA * errorBinsA),
      sourcesB: [Int64](repeating: sourcesEach, count: classesB * errorBinsB))
  }
}

extension PairKinds {
  /// The same pairs with a and b exchanged.
  var exchanged: PairKinds {
    PairKinds(
      counts: counts, after: after, before: before, shares: shares, fold: fold,
      classA: classB, classB: classA, errorA: errorB, errorB: errorA,
      classesA: classesB, classesB: classesA, hasUnknownA: hasUnknownB, hasUnknownB: hasUnknownA,
      errorBinsA: errorBinsB, errorBinsB: errorBinsA, sourcesA: sourcesB, sourcesB: sourcesA)
  }

  /// The same pairs with other numbers.
  func with(counts: [Double], after: [Double], before: [Double], shares: [Double]) -> PairKinds {
    PairKinds(
      counts: counts, after: after, before: before, shares: shares, fold: fold,
      classA: classA, classB: classB, errorA: errorA, errorB: errorB,
      classesA: classesA, classesB: classesB, hasUnknownA: hasUnknownA, hasUnknownB: hasUnknownB,
      errorBinsA: errorBinsA, errorBinsB: errorBinsB, sourcesA: sourcesA, sourcesB: sourcesB)
  }

  /// A factor of 1 for each row.
  var noEvidence: [Double] { [Double](repeating: 1, count: rows) }
}

/// Whether numbers agree to 10⁻⁸ of themselves.
func agree(_ one: [Double], _ other: [Double]) -> Bool {
  one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) <= 1e-8 * max(abs($0), abs($1)) }
}
