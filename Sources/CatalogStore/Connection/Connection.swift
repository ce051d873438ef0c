internal import CSQLite

/// One SQLite connection. It has one owner and stays on the thread that uses it; `deinit` closes it.
public final class Connection {
  /// How a database file is opened.
  public enum Mode: Sendable {
    /// Reading a file that another process may change.
    case readOnly
    /// Reading a finished file that never changes again: no locks, no journal look-ups.
    case immutable
    /// Reading and writing an existing file.
    case readWrite
    /// Reading and writing, the file is created when absent.
    case create
    /// Building a new file aside: no journal and no syncs, since a half-built file is thrown away and never believed.
    case bulk
  }

  let handle: OpaquePointer
  /// The file, for messages.
  public let path: String

  /// Opens the database at `path`.
  /// - Parameter locks: With `file` no lock is taken: who may read and write is settled before.
  /// - Throws: `StoreError` with code `.system` or `.damaged`.
  public init(path: String, mode: Mode, locks: LockMode = .system) throws {
    self.path = path
    var handle: OpaquePointer?
    let code = xsql_open(Self.uri(path, mode), &handle, Self.flags(mode), Self.fileSystem(mode, locks))
    guard code == SQLITE_OK, let handle else {
      let reason = handle.map { String(cString: xsql_errmsg($0)) } ?? String(cString: xsql_errstr(code))
      if let handle { _ = xsql_close(handle) }
      throw StoreError(.system, path, "cannot be opened: \(Self.lengthHint(path) ?? reason)", sqliteCode: code)
    }
    self.handle = handle
    _ = xsql_busy_timeout(handle, 10_000)
    for pragma in Self.pragmas(mode) { try execute(pragma) }
  }

  /// Opens a copy of a database file in memory, for reading.
  /// - Parameter path: The file that it was read from, for messages.
  init(image: [UInt8], of path: String) throws {
    self.path = path
    var handle: OpaquePointer?
    let code = xsql_open_image(image, Int64(image.count), &handle)
    guard code == SQLITE_OK, let handle else {
      if let handle { _ = xsql_close(handle) }
      throw StoreError(.system, path, "cannot be read: \(String(cString: xsql_errstr(code)))", sqliteCode: code)
    }
    self.handle = handle
  }

  /// Opens a finished file for reading; each page is compared with its checksum when it is read.
  init(_ file: OpenFile, _ sums: PageSums) throws {
    path = file.path
    var handle: OpaquePointer?
    let code = sums.sums.withUnsafeBufferPointer {
      xsql_open_sealed(
        Self.uri(file.path, .immutable), file.takeDescriptor(), UInt32(sums.pageBytes), UInt32($0.count),
        $0.baseAddress, &handle)
    }
    guard code == SQLITE_OK, let handle else {
      if let handle { _ = xsql_close(handle) }
      if [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) { throw file.damage("has a damaged first page") }
      throw StoreError(.system, path, "cannot be opened: \(String(cString: xsql_errstr(code)))", sqliteCode: code)
    }
    self.handle = handle
  }

  deinit { _ = xsql_close(handle) }

  /// Stops the statement that runs, from any thread. The caller sees to it that the connection is alive when this is called.
  public var interrupter: @Sendable () -> Void {
    nonisolated(unsafe) let handle = handle
    return { xsql_interrupt(handle) }
  }

  /// What SQLite takes for the path of a file, from the root and with links resolved, bytes; its journals have 8 more.
  static let longestPath = 503

  private static func lengthHint(_ path: String) -> String? {
    let length = FileSystem.absolute(path).utf8.count
    guard length > longestPath else { return nil }
    return "its path has \(length) bytes from the root; SQLite allows \(longestPath). Use a folder with a shorter path"
  }

  /// SQLite's way to the files: without locks where there are none, and for a file that nobody else knows of yet.
  private static func fileSystem(_ mode: Mode, _ locks: LockMode) -> String? {
    if case .bulk = mode { return "unix-none" }
    return locks == .file ? "unix-none" : nil
  }

  private static func flags(_ mode: Mode) -> Int32 {
    let common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
    switch mode {
    case .readOnly, .immutable: return common | SQLITE_OPEN_READONLY
    case .readWrite: return common | SQLITE_OPEN_READWRITE
    case .create, .bulk: return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    }
  }

  private static func pragmas(_ mode: Mode) -> [String] {
    switch mode {
    case .readOnly, .immutable: return []
    case .readWrite, .create:
      return ["PRAGMA foreign_keys=ON", "PRAGMA secure_delete=OFF", "PRAGMA synchronous=FULL"]
    case .bulk:
      return [
        "PRAGMA page_size=8192", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA locking_mode=EXCLUSIVE",
        "PRAGMA secure_delete=OFF", "PRAGMA cache_size=-32768", "PRAGMA temp_store=MEMORY",
      ]
    }
  }

  /// The path as a URI, so that `immutable=1` can be said and no character of the path means anything else.
  private static func uri(_ path: String, _ mode: Mode) -> String {
    if path == ":memory:" { return path }
    // With an empty authority a path may begin with two slashes.
    var text = path.hasPrefix("/") ? "file://" : "file:"
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "="):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return mode == .immutable ? text + "?immutable=1" : text
  }

  /// Runs SQL that returns no rows; several statements may be given.
  public func execute(_ sql: String) throws {
    let code = xsql_exec(handle, sql)
    if code != SQLITE_OK { throw failure(code, sql) }
  }

  /// Compiles one statement.
  public func prepare(_ sql: String) throws -> Statement {
    var statement: OpaquePointer?
    let code = xsql_prepare(handle, sql, -1, 0, &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, sql) }
    return Statement(statement, connection: self)
  }

  /// Runs `body` inside a transaction: all of it happens or nothing.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      _ = xsql_exec(handle, "ROLLBACK")
      throw error
    }
  }

  /// Runs `body` inside one read transaction, or inside the one that there is: all its statements see the same state.
  public func reading<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("SAVEPOINT reading")
    defer { _ = xsql_exec(handle, "RELEASE reading") }
    return try body()
  }

  /// The row id of the last insertion.
  public var lastInsertRowID: Int64 { xsql_last_insert_rowid(handle) }

  /// The file change counter, which every committed transaction raises (rollback-journal mode). Nil where it cannot be read.
  func changeCounter() -> UInt32? {
    var counter: UInt32 = 0
    return xsql_file_bytes(handle, &counter, 4, 24) == SQLITE_OK ? UInt32(bigEndian: counter) : nil
  }

  /// SQLITE_READONLY_ROLLBACK: a process was killed in mid-commit, and this connection may not roll its change back.
  static let rollbackNeeded: Int32 = 776

  /// SQLITE_IOERR_LOCK, _UNLOCK, _RDLOCK and _CHECKRESERVEDLOCK: the file system refuses locks.
  private static let lockFailures: Set<Int32> = [3850, 2058, 2314, 3594]

  func failure(_ code: Int32, _ doing: String) -> StoreError {
    let reason = String(cString: xsql_errmsg(handle))
    let extended = xsql_errcode(handle)
    let (kind, message) = Self.meaning(of: Self.lockFailures.contains(extended) ? SQLITE_PROTOCOL : code, reason, doing)
    return StoreError(kind, path, message, sqliteCode: extended & 0xff == code & 0xff ? extended : code)
  }

  private static func meaning(of code: Int32, _ reason: String, _ doing: String) -> (StoreError.Code, String) {
    switch code & 0xff {
    case SQLITE_FULL: (.system, "the disk is full; free some space and run the command again")
    case SQLITE_NOMEM: (.system, "there is not enough memory")
    case SQLITE_BUSY, SQLITE_LOCKED:
      (
        .busy,
        "is locked by another process (\(reason)); run the command again later, or with --locks file where the file system"
          + " has no locks"
      )
    case SQLITE_PROTOCOL: (.system, "cannot be locked (\(reason)); its file system has no locks: use --locks file")
    case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_IOERR:
      (.system, "cannot be read or written: \(reason)")
    case SQLITE_CORRUPT, SQLITE_NOTADB: (.damaged, "is damaged: \(reason); run `xmdb verify`")
    case SQLITE_INTERRUPT: (.interrupted, "interrupted")
    case SQLITE_TOOBIG: (.input, "a value is larger than the 1 GB that SQLite allows")
    default: (.damaged, "\(reason) (in: \(doing.prefix(200)))")
    }
  }
}
