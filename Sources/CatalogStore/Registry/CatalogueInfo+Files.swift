extension ShardInfo {
  /// Its file.
  public func file(in database: SkyDatabase) -> SealedFile {
    SealedFile(
      path: database.path + "/" + path, bytes: bytes, fingerprint: fingerprint,
      remedy: "ingest the catalogue again with --replace")
  }
}

extension CatalogueInfo {
  /// The rows kept aside; nil when there are none.
  public func problemFile(in database: SkyDatabase) -> SealedFile? {
    problemFile.map {
      SealedFile(
        path: database.path + "/" + folder + "/problems.sqlite",
        bytes: $0.bytes, fingerprint: $0.fingerprint, remedy: "ingest the catalogue again with --replace")
    }
  }
}
