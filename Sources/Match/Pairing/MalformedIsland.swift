/// An island in which a pair comes twice; damaged results hold such islands, the sky does not.
public struct MalformedIsland: Error, Sendable, Hashable, CustomStringConvertible {
  /// Its source of a, as a position in the island.
  public let row: Int32
  /// Its source of b, likewise.
  public let column: Int32

  init(row: Int32, column: Int32) {
    self.row = row
    self.column = column
  }

  /// What is wrong.
  public var description: String {
    "an island holds the pair of its sources \(row) of a and \(column) of b twice; expected each pair once"
  }
}
