import Foundation

/// Every file below a folder, by its path in it, with its bytes: for "byte for byte the same".
struct FolderContents: Equatable {
  private let files: [String: Data]

  init(_ folder: String) {
    var files: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      let path = folder + "/" + name
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      files[name] = FileManager.default.contents(atPath: path)
    }
    self.files = files
  }

  var names: [String] { files.keys.sorted() }

  /// The files that differ or that only one of the two has.
  func differences(from other: FolderContents) -> [String] {
    Set(files.keys).union(other.files.keys).filter { files[$0] != other.files[$0] }.sorted()
  }
}
