internal import CatalogStore

/// Units in the order in which they are handed out.
final class UnitQueue: Sendable {
  private let units: Guarded<ArraySlice<MatchUnit>>

  init(_ units: [MatchUnit]) { self.units = Guarded(units[...]) }

  func next() -> MatchUnit? { units.withLock { $0.popFirst() } }

  /// Does work on unit after unit until none is left, or one fails: then nobody gets another.
  func work(_ body: (MatchUnit) throws -> Void) throws {
    do { while let unit = next() { try body(unit) } } catch {
      stop()
      throw error
    }
  }

  /// Hands out nothing more.
  func stop() { units.withLock { $0.removeAll() } }
}
