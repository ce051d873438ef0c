/// Partitions of the fine classes of magnitude of one catalogue into 1, 2, 4, … 64 classes, each within one of the
/// last.
///
/// Level l has k = min(2ˡ, F) classes of the F known fine ones: class = ⌊fine · k/F⌋. Sources without magnitude are a
/// class of their own, k, at every level but 0. Where no class is known there is one class at every level.
struct NestedClasses: Sendable, Equatable {
  /// The deepest level, of 64 classes.
  static let deepest = 6

  /// By level: the number of classes.
  let counts: [Int]
  /// By level, then by fine class: the class.
  let classOf: [[Int]]

  /// Nests so many fine classes; the last is that without magnitude, if there is one.
  init(classes: Int, hasUnknown: Bool) {
    let known = classes - (hasUnknown ? 1 : 0)
    let made = (0...Self.deepest).map { Self.level($0, known: known, all: max(classes, 0)) }
    counts = made.map(\.count)
    classOf = made.map(\.classOf)
  }

  /// One level: its classes, and the class of each fine one.
  private static func level(_ level: Int, known: Int, all: Int) -> (count: Int, classOf: [Int]) {
    guard level > 0, known > 0 else { return (1, [Int](repeating: 0, count: all)) }
    let classes = min(1 << level, known)
    return (classes + all - known, (0..<all).map { $0 < known ? $0 * classes / known : classes })
  }

  /// By class of a level: the class of a coarser level that it lies in.
  ///
  /// - Complexity: O(fine classes).
  func parents(of level: Int, at coarser: Int) -> [Int] {
    var parents = [Int](repeating: 0, count: counts[level])
    for (own, parent) in zip(classOf[level], classOf[coarser]) { parents[own] = parent }
    return parents
  }
}
