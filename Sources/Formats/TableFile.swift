internal import Glibc

/// A file as it is opened: where it is, which of its tables is meant, and what an earlier reading has found.
struct TableFile: Sendable {
  /// The path as given, for messages.
  let path: String
  /// The name or number of a table; nil for the first, or the only one.
  var table: String?
  /// The names of its columns, where no line of the file gives them; columns beyond them go by their numbers.
  var names: [String]?
  /// What a reader of the same file has found by reading all of it, if it had to.
  var survey: (any Sendable)?
  /// Where the bytes are: `path`, or a decompressed copy.
  var contents: String { copy?.path ?? path }
  /// A decompressed copy. Whoever reads from it holds it.
  var copy: TemporaryCopy?
  /// How it is compressed; nil if it is not.
  var compression: String?
  /// Its first bytes, decompressed.
  var head: [UInt8] = []

  init(_ path: String, table: String? = nil, names: [String]? = nil, survey: (any Sendable)? = nil) {
    (self.path, self.table, self.names, self.survey) = (path, table, names, survey)
  }

  /// `path[table]`.
  var name: String { table.map { "\(path)[\($0)]" } ?? path }

  /// Refuses a table's name where a file holds only one.
  func requireNoTable(_ format: String) throws(FormatError) {
    guard let table else { return }
    throw FormatError(.usage, subject: name, "a \(format) file holds one table; leave out [\(table)]")
  }
}

/// Which file it is, and whether it has changed since.
struct FileState: Sendable, Hashable {
  private let device: UInt64
  private let number: UInt64
  private let size: Int64
  private let seconds: Int64
  private let nanoseconds: Int64

  /// Nil if there is none.
  init?(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    (device, number, size) = (UInt64(facts.st_dev), UInt64(facts.st_ino), Int64(facts.st_size))
    (seconds, nanoseconds) = (Int64(facts.st_mtim.tv_sec), Int64(facts.st_mtim.tv_nsec))
  }
}
