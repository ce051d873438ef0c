extension SealedFile {
  /// Opens its pages for reading without SQLite.
  /// - Throws: As `open`.
  func pages() throws -> SealedPages {
    let file = try OpenFile(path, remedy: remedy)
    return try SealedPages(file, seal(of: file))
  }
}
