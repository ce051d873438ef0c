/// The lines of a statement that is not complete yet, and where in their file it begins.
final class PendingStatement {
  /// Its lines.
  private(set) var text = ""
  private var firstLine = 1
  private var line = 1

  /// Counts a line that is no part of a statement.
  func skipLine() { line += 1 }

  /// Adds a line.
  func add(_ line: String) {
    if text.isEmpty { firstLine = self.line }
    text += line + "\n"
    self.line += 1
  }

  /// Hands the statement over and begins anew.
  func take() -> (sql: String, firstLine: Int) {
    defer { text = "" }
    return (text, firstLine)
  }
}
