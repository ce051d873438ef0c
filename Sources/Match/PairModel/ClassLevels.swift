/// The levels at which classes of a meet classes of b: the cells of each, and which cell of the level above they lie
/// in.
///
/// A level that divides neither catalogue further than the one before is left out.
struct ClassLevels: Sendable, Equatable {
  /// The classes of a.
  let a: NestedClasses
  /// The classes of b.
  let b: NestedClasses
  /// The levels that differ, ascending from 0: of each, its number in `a` and `b`.
  let numbers: [Int]
  /// The cells of the finest level in an order in which those of every cell of every level lie together.
  let order: [Int]

  /// The levels of two catalogues.
  init(_ a: NestedClasses, _ b: NestedClasses) {
    (self.a, self.b) = (a, b)
    numbers = (0...NestedClasses.deepest).filter { level in
      level == 0 || a.counts[level] != a.counts[level - 1] || b.counts[level] != b.counts[level - 1]
    }
    order = Self.order(a, b, numbers)
  }

  /// The cells of each level by the order of the level above.
  private static func order(_ a: NestedClasses, _ b: NestedClasses, _ numbers: [Int]) -> [Int] {
    var order = [0]
    for (above, own) in zip(numbers, numbers.dropFirst()) {
      var children = [[Int]](repeating: [], count: order.count)
      for (cell, parent) in parents(a, b, of: own, at: above).enumerated() { children[parent].append(cell) }
      order = order.flatMap { children[$0] }
    }
    return order
  }

  /// The number of levels.
  var count: Int { numbers.count }

  /// The place of the finest level in `numbers`.
  var finest: Int { count - 1 }

  /// The number of cells of a level: classes of a times classes of b.
  func cells(_ level: Int) -> Int { a.counts[numbers[level]] * b.counts[numbers[level]] }

  /// The cell of two fine classes at a level: class of a · classes of b + class of b.
  func cell(_ level: Int, _ fineA: Int, _ fineB: Int) -> Int {
    let number = numbers[level]
    return a.classOf[number][fineA] * b.counts[number] + b.classOf[number][fineB]
  }

  /// By cell of a level: the cell of a coarser one that it lies in.
  func parents(of level: Int, at coarser: Int) -> [Int] {
    Self.parents(a, b, of: numbers[level], at: numbers[coarser])
  }

  private static func parents(_ a: NestedClasses, _ b: NestedClasses, of level: Int, at coarser: Int) -> [Int] {
    let (parentsA, parentsB) = (a.parents(of: level, at: coarser), b.parents(of: level, at: coarser))
    return parentsA.flatMap { parentA in parentsB.map { parentA * b.counts[coarser] + $0 } }
  }
}
