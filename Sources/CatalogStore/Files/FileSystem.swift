internal import Glibc

/// The few file operations that the store needs, with errors that name the path and the reason.
public enum FileSystem {
  /// Whether something exists at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isDirectory(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// The size of a file in bytes, nil when there is none.
  public static func size(_ path: String) -> Int64? { status(path).map { Int64($0.st_size) } }

  private static func status(_ path: String) -> stat? {
    var info = stat()
    return stat(path, &info) == 0 ? info : nil
  }

  /// Creates a small file that no other process may have created before, synced.
  /// - Returns: False when there is one already.
  static func create(_ path: String, _ text: String) throws -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor < 0 && errno == EEXIST { return false }
    guard descriptor >= 0 else { throw failure("cannot be created", path) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    if write(descriptor, bytes, bytes.count) != bytes.count || fsync(descriptor) != 0 {
      let error = failure("cannot be written", path)
      unlink(path)
      throw error
    }
    return true
  }

  /// Creates a folder and the folders above it; an existing one is fine.
  public static func createDirectories(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
      if mkdir(partial, 0o777) != 0 && errno != EEXIST { throw failure("cannot create the folder", partial) }
    }
    if !isDirectory(path) { throw StoreError(.system, path, "is not a folder") }
  }

  /// The names in a folder, sorted; empty when there is no such folder.
  public static func list(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file or a whole folder; absent is fine.
  public static func remove(_ path: String) throws {
    if isSymbolicLink(path) || !isDirectory(path) {
      if unlink(path) != 0 && errno != ENOENT { throw failure("cannot remove", path) }
      return
    }
    for name in list(path) { try remove(path + "/" + name) }
    if rmdir(path) != 0 && errno != ENOENT { throw failure("cannot remove", path) }
  }

  private static func isSymbolicLink(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }

  /// Renames within one file system; an existing file at `target` is replaced in one step.
  public static func rename(_ source: String, to target: String) throws {
    if Glibc.rename(source, target) != 0 { throw failure("cannot rename to \(target)", source) }
  }

  /// Gives a finished file that never changes a second name: the same file where the file system can, else a copy.
  public static func link(_ source: String, to target: String) throws {
    if Glibc.link(source, target) == 0 { return }
    try copy(source, to: target)
    try sync(target)
  }

  /// Copies a file; an existing one is replaced.
  public static func copy(_ source: String, to target: String) throws {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw failure("cannot be opened", source) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard output >= 0 else { throw failure("cannot be created", target) }
    defer { close(output) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(input, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("cannot be read", source) }
      if count == 0 { return }
      var done = 0
      while done < count {
        let part = buffer.withUnsafeBytes { Glibc.write(output, $0.baseAddress! + done, count - done) }
        if part < 0 && errno == EINTR { continue }
        guard part > 0 else { throw failure("cannot be written", target) }
        done += part
      }
    }
  }

  /// Forces the contents of a file, or the entries of a folder, to the disk.
  public static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure("cannot open", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("cannot sync", path) }
  }

  /// Renames a finished file into place so that it survives a power cut: contents first, then the name.
  public static func publish(_ source: String, as target: String) throws {
    try sync(source)
    try rename(source, to: target)
  }

  /// The contents of a file that fits into memory.
  public static func contents(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw failure("cannot be read", path) }
    let size = Int(info.st_size)
    return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let part = read(descriptor, buffer.baseAddress! + count, size - count)
        if part < 0 && errno == EINTR { continue }
        guard part >= 0 else { throw failure("cannot be read", path) }
        if part == 0 { break }
        count += part
      }
    }
  }

  /// The text of a file of the kernel, which has no size, up to 16 KiB.
  public static func text(ofKernelFile path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &buffer, buffer.count)
    guard count >= 0 else { throw failure("cannot be read", path) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// The folder part of a path, "." when there is none.
  public static func parent(_ path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  public static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The path from the root of the file system, links resolved where the file exists.
  public static func absolute(_ path: String) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  static func failure(_ action: String, _ path: String) -> StoreError {
    let number = errno
    let hint: String
    switch number {
    case ENOSPC: hint = "; free some space and run the command again"
    case EACCES, EPERM, EROFS: hint = "; check the permissions of the folder"
    default: hint = ""
    }
    return StoreError(.system, path, "\(action): \(String(cString: strerror(number)))\(hint)")
  }
}
