internal import CArrow
public import CatalogStore

/// The footers of several Parquet files as one, for programs that plan reading a data set by one small file.
public enum ParquetFooters {
  /// Writes them into a draft.
  /// - Parameter files: Where each file is, and its name as seen from the folder of the result. All have one schema.
  /// - Throws: `StoreError.system`.
  /// - Precondition: There is at least one file.
  public static func gather(_ files: [(path: String, name: String)], into draft: Draft) throws {
    precondition(!files.isEmpty, "there are no footers to gather")
    var error = xarrow_error()
    let status = withTexts(files.map(\.path)) { paths in
      withTexts(files.map(\.name)) { names in
        xarrow_metadata_gather(draft.path, paths, names, Int64(files.count), &error)
      }
    }
    if status != 0 { throw StoreError(writing: draft.path, error) }
    try draft.sync()
  }

  /// Lends texts as C strings.
  private static func withTexts<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
  ) rethrows -> Result {
    var (bytes, starts): ([CChar], [Int]) = ([], [])
    for text in texts {
      starts.append(bytes.count)
      bytes.append(contentsOf: text.utf8CString)
    }
    return try bytes.withUnsafeBufferPointer { bytes in
      let pointers = starts.map { start in bytes.baseAddress.map { $0 + start } }
      return try pointers.withUnsafeBufferPointer { pointers in
        guard let first = pointers.baseAddress else { preconditionFailure("there are no texts") }
        return try body(first)
      }
    }
  }
}
