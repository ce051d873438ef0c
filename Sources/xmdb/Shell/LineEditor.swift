import CLineEditor
import Glibc

/// Lines that a person edits in a terminal, over libedit.
final class LineEditor: LineSource {
  /// What Tab asks for: the text before the cursor, and the whole line.
  typealias Completer = (_ before: String, _ line: String) -> Completion.Answer

  private var editor: OpaquePointer?
  private var last: String?
  /// Answers Tab.
  var completer: Completer?

  /// Lines that are remembered.
  static let mostLines = 2000

  /// Nil when the terminal is none that lines can be edited in.
  init?(wakeDescriptor: Int32, terminal: String?) {
    guard let terminal, !terminal.isEmpty, terminal != "dumb", isatty(STDERR_FILENO) == 1 else { return nil }
    let own = Unmanaged.passUnretained(self).toOpaque()
    editor = xedit_open(wakeDescriptor, Int32(Self.mostLines), own) { owner, _ in
      // `owner` is the LineEditor, which closes the editor before it goes away.
      if let owner { Unmanaged<LineEditor>.fromOpaque(owner).takeUnretainedValue().complete() }
    }
    if editor == nil { return nil }
  }

  deinit { if let editor { xedit_close(editor) } }

  func event(prompt: String) -> LineEvent {
    var (line, count) = (UnsafePointer<CChar>?.none, Int32(0))
    let outcome = prompt.withCString { xedit_read(editor, $0, &line, &count) }
    switch Int(outcome) {
    case XEDIT_LINE:
      let bytes = UnsafeRawBufferPointer(start: line, count: Int(count))
      let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
      return .line(String(decoding: text, as: UTF8.self))
    case XEDIT_SIGNAL: return .signal
    default: return .end
    }
  }

  /// Remembers a line, or several as one.
  /// - Returns: False when it is the one that was remembered last.
  @discardableResult func remember(_ text: String) -> Bool {
    if text == last { return false }
    last = text
    xedit_remember(editor, text)
    return true
  }

  private func complete() {
    guard let completer else { return }
    var (count, cursor) = (Int32(0), Int32(0))
    guard let start = xedit_text(editor, &count, &cursor) else { return }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(count))
    let line = String(decoding: bytes, as: UTF8.self)
    switch completer(String(decoding: bytes.prefix(Int(cursor)), as: UTF8.self), line) {
    case .none: break
    case .replace(let characters, let text): xedit_replace(editor, Int32(characters), text)
    case .choose(let names): xedit_show(editor, Completion.list(names, columns: Int(xedit_columns(editor))))
    }
  }
}
