import Testing

@testable import Match

@Suite struct NestedClassesTests {
  @Test(arguments: [1, 2, 3, 5, 8, 37, 64, 65, 150], [false, true])
  func `every class lies within one of the level before, and the unknown stays by itself`(known: Int, unknown: Bool) {
    let nested = NestedClasses(classes: known + (unknown ? 1 : 0), hasUnknown: unknown)
    for level in 1...NestedClasses.deepest {
      #expect(nested.counts[level] == min(1 << level, known) + (unknown ? 1 : 0))
      let parents = nested.parents(of: level, at: level - 1)
      for (own, above) in zip(nested.classOf[level], nested.classOf[level - 1]) { #expect(parents[own] == above) }
      #expect(Set(nested.classOf[level]).count == nested.counts[level])
      if unknown { #expect(nested.classOf[level].count { $0 == nested.counts[level] - 1 } == 1) }
    }
  }

  @Test func `without known classes every level has one`() {
    #expect(NestedClasses(classes: 1, hasUnknown: true).counts == [1, 1, 1, 1, 1, 1, 1])
    #expect(NestedClasses(classes: 0, hasUnknown: false).counts == [1, 1, 1, 1, 1, 1, 1])
  }

  @Test func `cells of every level lie together in the order of cells`() {
    let levels = ClassLevels(NestedClasses(classes: 21, hasUnknown: true), NestedClasses(classes: 5, hasUnknown: false))
    #expect(levels.order.sorted() == Array(0..<levels.cells(levels.finest)))
    for level in 0..<levels.count {
      let cells = levels.parents(of: levels.finest, at: level)
      let runs = zip([-1] + levels.order.map { cells[$0] }, levels.order).count { $0 != cells[$1] }
      #expect(runs == levels.cells(level))
    }
  }
}
