internal import CatalogStore

/// What was exported, from what, by which program: enough to check a copy and to compare two deployments.
enum ManifestText {
  /// What is being put into place and what was there before, for the time in between.
  static func journal(_ files: [ExportedFile]) -> String {
    let entries = files.map { "{\"name\": \(JSONText.string($0.name)), \"bytes\": \($0.bytes)}" }
    return """
      {
        "program": \(JSONText.string("xmdb " + Program.version)),
        "is_complete": false,
        "files": [
          \(entries.joined(separator: ",\n    "))
        ]
      }

      """
  }

  static func json(
    run: RunInfo, a: CatalogueInfo, b: CatalogueInfo, options: MatchExport.Options, files: [MatchExport.File]
  ) -> String {
    let catalogues = [a, b].map { info in
      """
          {"name": \(JSONText.string(info.name)), "sources": \(info.rows), "problem_rows": \(info.problemRows), \
      "inputs_fingerprint": \(JSONText.string(info.inputsFingerprint))}
      """
    }
    let entries = files.map { file in
      """
          {"name": \(JSONText.string(file.name)), "rows": \(file.rows), "bytes": \(file.bytes), \
      "xxh3_128": \(JSONText.string(file.fingerprint))}
      """
    }
    return """
      {
        "program": \(JSONText.string("xmdb " + Program.version)),
        "run_fingerprint": \(JSONText.string(run.fingerprint)),
        "configuration": \(JSONText.string(run.configuration)),
        "header": \(options.header),
        "healpix_order": \(options.pixelOrder.map(String.init) ?? "null"),
        "null": "\\\\N",
        "catalogues": [
      \(catalogues.joined(separator: ",\n"))
        ],
        "matches": \(run.totals.matches),
        "nonmatches_a": \(run.totals.nonmatchesA),
        "nonmatches_b": \(run.totals.nonmatchesB),
        "candidate_pairs": \(run.totals.pairs),
        "islands": \(run.totals.islands),
        "files": [
      \(entries.joined(separator: ",\n"))
        ]
      }

      """
  }
}
