import CatalogStore

/// What the commands of a shell read and change.
final class ShellState {
  let session: SQLSession
  let process: CommandProcess
  /// Whether a person types, who sees errors and goes on.
  let isInteractive: Bool
  /// How rows are written.
  var style: RowStyle
  /// Whether the time of statements is told.
  var isTimed = false
  /// The file that output goes to, and whether for one statement only.
  private(set) var file: FileOutput?
  private(set) var isOnce = false

  init(session: SQLSession, process: CommandProcess, style: RowStyle) {
    (self.session, self.process, self.style) = (session, process, style)
    isInteractive = LineInput.isTerminal
  }

  /// Where output goes.
  var output: TextOutput { file ?? process.output }

  /// Sends output to a new file, until `finishFile`.
  func begin(_ file: FileOutput, isOnce: Bool) throws {
    try finishFile()
    (self.file, self.isOnce) = (file, isOnce)
  }

  /// Completes the file of output, if there is one.
  func finishFile() throws {
    guard let file else { return }
    self.file = nil
    try file.publish()
  }

  /// Gives up the file of output, of which nothing is left.
  /// - Returns: Its path; nil when there is none.
  func dropFile() -> String? {
    defer { file = nil }
    return file?.path
  }
}
