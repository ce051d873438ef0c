public import Indexing

/// A database: a folder with a registry, the shards of its catalogues and the results of its runs.
public struct SkyDatabase: Sendable {
  /// The folder.
  public let path: String
  /// A finished copy of the registry to read instead of it; nil: the registry itself.
  private let snapshot: String?
  /// How this and other processes that use the database keep out of each other's way.
  let locks: LockMode
  /// Keeps what is replaced meanwhile readable.
  private let lease: ReadLease?

  init(path: String, snapshot: String? = nil, locks: LockMode = .system, lease: ReadLease? = nil) {
    self.path = path
    self.snapshot = snapshot
    self.locks = locks
    self.lease = lease
  }

  /// The folder used when none is named: `$XMDB_DB`, else `./sky.xmdb`.
  public static func defaultPath(environment: (String) -> String?) -> String {
    if let path = environment("XMDB_DB"), !path.isEmpty { return path }
    return "sky.xmdb"
  }

  /// Opens an existing database. What it names now stays readable as long as the value and its copies live, or until one of
  /// them takes the right to write.
  /// - Parameter isHeld: False for a reader that lives long, and takes a `lease` for each question.
  /// - Throws: `StoreError.usage` when there is none, `.damaged` when its registry cannot be read.
  public static func open(at path: String, locks: LockMode = .system, isHeld: Bool = true) throws -> SkyDatabase {
    let database = SkyDatabase(path: path, locks: locks)
    guard FileSystem.exists(database.registryPath) else {
      throw StoreError(
        .usage, path,
        "there is no xmdb database here; `xmdb ingest FILE` makes one, `--db DIR` or $XMDB_DB names another")
    }
    let registry = try database.registry()
    if !isHeld { return database }
    return SkyDatabase(path: path, locks: locks, lease: lease(on: registry))
  }

  /// Opens a database, making it in a folder that is new or empty.
  /// - Throws: `StoreError.usage` for a folder that holds anything else.
  public static func openOrCreate(at path: String, locks: LockMode = .system) throws -> SkyDatabase {
    let database = SkyDatabase(path: path, locks: locks)
    if !FileSystem.exists(database.registryPath) {
      try database.requireNewOrEmpty()
      try database.requireRoom()
      try FileSystem.createDirectories(path)
      try database.create()
    }
    return try open(at: path, locks: locks)
  }

  /// Builds the registry aside and renames it: a crash leaves none, never half of one.
  private func create() throws {
    let lock = try WriterLock(folder: path, locks: locks)
    defer { _ = lock }
    if FileSystem.exists(registryPath) { return }
    try clearStaging()
    let draft = try Draft(in: path, isLocked: false)
    // Nobody else knows of the file: it needs no locks.
    try migrate(Connection(path: draft.path, mode: .create, locks: .file))
    try draft.publish(as: registryPath)
    try FileSystem.sync(path)
  }

  func migrate(_ connection: Connection) throws { try Migration.apply(Migration.registry, to: connection) }

  /// The registry file.
  public var registryPath: String { path + "/registry.sqlite" }
  /// Files being built. Nothing here is ever believed.
  public var stagingPath: String { path + "/staging" }
  /// The folder of one generation, below `path`.
  public static func generationPath(catalogue: String, number: Int) -> String {
    CatalogueInfo.folder(catalogue: catalogue, number: number)
  }
  /// The folder of one run, below `path`.
  public static func runPath(_ run: Int64) -> String { "runs/\(run)" }
  /// The file of a chunk's counts, below `path`.
  public static func countsPath(run: Int64, _ pixel: HealpixPixel) -> String {
    "\(runPath(run))/counts/Norder=\(pixel.order)/Npix=\(pixel.index).counts"
  }
  /// Its first line.
  public static func countsLabel(fingerprint: String, pixel: HealpixPixel) -> String {
    "xmdb counts 2 \(fingerprint) Norder=\(pixel.order)/Npix=\(pixel.index)"
  }

  /// The same database as it was when a copy of its registry was made: what reads it takes no locks, and sees no changes.
  /// - Parameter snapshot: What `writeSnapshot` wrote.
  public func reading(snapshot: String) -> SkyDatabase {
    SkyDatabase(path: path, snapshot: snapshot, locks: locks, lease: lease)
  }

  /// Opens a database through a copy of its registry.
  /// - Throws: `StoreError.system` when it cannot be read from here.
  public static func open(at path: String, snapshot: String) throws -> SkyDatabase {
    let database = SkyDatabase(path: path, snapshot: snapshot, locks: .system)
    guard FileSystem.exists(snapshot) else {
      throw StoreError(
        .system, snapshot,
        "is not there; every process must see the database under the same path, on a shared file system"
      )
    }
    _ = try database.registry()
    return database
  }

  /// Writes a copy of the registry, complete and synced, in one step.
  public func writeSnapshot(of registry: Registry, to target: String) throws {
    let draft = try Draft(in: FileSystem.parent(target), isLocked: false)
    let statement = try registry.connection.prepare("VACUUM INTO ?")
    statement.bind(1, draft.path)
    try statement.run()
    try draft.publish(as: target)
  }

  /// Opens the registry for reading.
  /// - Throws: `StoreError.busy` when another process may be changing it without locks.
  public func registry() throws -> Registry {
    if let snapshot { return Registry(try Connection(path: snapshot, mode: .immutable), database: self) }
    return Registry(try locks == .file ? copiedRegistry() : lockedRegistry(), database: self)
  }

  /// Opens the registry for writing. The caller holds the writer lock.
  public func writableRegistry() throws -> Registry {
    let connection = try Connection(path: registryPath, mode: .readWrite, locks: locks)
    _ = try requireRegistry(connection)
    try migrate(connection)
    return Registry(connection, database: self)
  }

  func requireRegistry(_ connection: Connection) throws -> Int { try RegistryMark.require(in: connection, of: self) }

  /// Takes the right to write, and clears away what a killed process left behind.
  /// - Throws: `StoreError.busy` when another process is writing.
  public func lockForWriting() throws -> WriterLock {
    let lock = try WriterLock(folder: path, locks: locks)
    // From here on nobody else can replace anything.
    lease?.release()
    try rollBack()
    try clearStaging()
    try removeLeftovers()
    return lock
  }
}
