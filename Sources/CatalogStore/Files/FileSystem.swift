internal import Glibc

/// The few file operations that the store needs, with errors that name the path and the reason.
public enum FileSystem {
  /// Whether something exists at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is the name of anything, a link that leads nowhere included.
  public static func isThere(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Whether `path` is a folder.
  public static func isDirectory(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether `path` is a file with contents of its own: no folder, pipe or device.
  public static func isRegularFile(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
  }

  /// The size of a file in bytes, nil when there is none.
  public static func size(_ path: String) -> Int64? { status(path).map { Int64($0.st_size) } }

  private static func status(_ path: String) -> stat? {
    var info = stat()
    return stat(path, &info) == 0 ? info : nil
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

  /// The names in a folder, sorted; empty when there is no such folder. A name that is not UTF-8 is left out.
  public static func list(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    return entries(directory)
  }

  static func entries(_ directory: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      if let name, name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Renames within one file system; an existing file at `target` is replaced in one step.
  public static func rename(_ source: String, to target: String) throws {
    if Glibc.rename(source, target) != 0 { throw failure("cannot rename to \(target)", source) }
  }

  /// Creates an empty file that is to be filled by path.
  /// - Throws: `StoreError.system` when there is something of this name already, a link too.
  public static func createNew(_ path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("cannot be created", path) }
    close(descriptor)
  }

  /// Forces the contents of a file, or the entries of a folder, to the disk.
  public static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure("cannot open", path) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("cannot sync", path) }
  }

  /// Forces the contents of files to the disk. Where they are very many, all that waits there is written at once before, and then each is
  /// asked whether it was: only that tells of errors.
  public static func sync(all paths: [String]) throws {
    if paths.count > mostSynced { Glibc.sync() }
    for path in paths { try sync(path) }
  }

  private static let mostSynced = 1000

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

  /// Lends a file part by part.
  /// - Parameter size: Of a part, bytes.
  /// - Throws: `StoreError.system` for a file that cannot be read; what `body` throws.
  public static func forEachPart(of path: String, size: Int = 1 << 22, _ body: ([UInt8]) throws -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    defer { close(descriptor) }
    while true {
      let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < size {
          let part = read(descriptor, buffer.baseAddress! + count, size - count)
          if part < 0 && errno == EINTR { continue }
          guard part >= 0 else { throw failure("cannot be read", path) }
          if part == 0 { break }
          count += part
        }
      }
      if bytes.isEmpty { return }
      try body(bytes)
    }
  }

  /// The text of a file of the kernel, which has no size, up to 16 KiB.
  public static func text(ofKernelFile path: String) throws -> String {
    String(decoding: try beginning(of: path, most: 16_384, reads: 1), as: UTF8.self)
  }

  /// The first bytes of a file as text, up to 16 KiB.
  public static func beginning(of path: String) throws -> String { try text(ofKernelFile: path) }

  /// The first bytes of a file or of a pipe.
  /// - Parameter reads: How often the file is read at most.
  public static func beginning(of path: String, most: Int, reads: Int = .max) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot be opened", path) }
    defer { close(descriptor) }
    return try [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      var left = reads
      while count < most, left > 0 {
        let part = read(descriptor, buffer.baseAddress! + count, most - count)
        if part < 0 && errno == EINTR { continue }
        guard part >= 0 else { throw failure("cannot be read", path) }
        if part == 0 { break }
        count += part
        left -= 1
      }
    }
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
      return String(validatingCString: resolved) ?? path
    }
    if path.hasPrefix("/") { return path }
    guard let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(validatingCString: folder).map { $0 + "/" + path } ?? path
  }

  static func failure(_ action: String, _ path: String) -> StoreError {
    let number = errno
    let hint: String
    switch number {
    case ENOSPC, EDQUOT: hint = "; free some space and run the command again"
    case EFBIG: hint = "; files may not grow so large here (ulimit -f): allow more and run the command again"
    case EMFILE, ENFILE: hint = "; too many files are open (ulimit -n): allow more, or use fewer threads"
    case EACCES, EPERM, EROFS: hint = "; check the permissions of the folder"
    default: hint = ""
    }
    return StoreError(.system, path, "\(action): \(String(cString: strerror(number)))\(hint)")
  }
}
