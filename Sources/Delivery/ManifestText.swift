internal import CatalogStore
internal import FoundationEssentials

/// What was exported, from what, by which program: enough to check a copy and to compare two deployments.
enum ManifestText {
  private struct Journal: Encodable {
    struct File: Encodable {
      let name: String
      let bytes: Int64
    }

    let program: String
    let is_complete = false
    let files: [File]
  }

  private struct Manifest: Encodable {
    /// The order of the files' pixels; null where the tables are not divided.
    struct PixelOrder: Encodable {
      let value: Int?

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
      }
    }

    struct Catalogue: Encodable {
      let name: String
      let sources: Int64
      let problem_rows: Int64
      let inputs_fingerprint: String
    }

    struct File: Encodable {
      let name: String
      let rows: Int64
      let bytes: Int64
      let xxh3_128: String
    }

    struct Qserv: Encodable {
      let database: String
      let num_stripes: Int
      let num_sub_stripes: Int
      let overlap: Double

      init(_ qserv: QservDatabase) {
        database = qserv.name
        (num_stripes, num_sub_stripes) = (qserv.partition.stripes, qserv.partition.subStripes)
        overlap = qserv.partition.overlapDegrees
      }
    }

    let program: String
    let run_fingerprint: String
    let configuration: String
    let header: Bool
    let healpix_order: PixelOrder
    let null: String
    /// How the tables are divided for a Qserv; left out where they are not.
    let qserv: Qserv?
    let catalogues: [Catalogue]
    let matches: Int64
    let nonmatches_a: Int64
    let nonmatches_b: Int64
    let candidate_pairs: Int64
    let islands: Int64
    let files: [File]
  }

  private static let program = "xmdb " + Program.version

  /// What is being put into place and what was there before, for the time in between.
  static func journal(_ files: [ExportedFile]) throws -> String {
    try text(Journal(program: program, files: files.map { Journal.File(name: $0.name, bytes: $0.bytes) }))
  }

  /// The manifest of an export.
  static func json(
    run: RunInfo, a: CatalogueInfo, b: CatalogueInfo, options: MatchExport.Options, files: [MatchExport.File]
  ) throws -> String {
    try text(
      Manifest(
        program: program, run_fingerprint: run.fingerprint, configuration: run.configuration, header: options.header,
        healpix_order: Manifest.PixelOrder(value: options.pixelOrder), null: "\\N",
        qserv: options.qserv.map(Manifest.Qserv.init),
        catalogues: [a, b].map {
          Manifest.Catalogue(
            name: $0.name, sources: $0.rows, problem_rows: $0.problemRows, inputs_fingerprint: $0.inputsFingerprint)
        },
        matches: run.totals.matches, nonmatches_a: run.totals.nonmatchesA, nonmatches_b: run.totals.nonmatchesB,
        candidate_pairs: run.totals.pairs, islands: run.totals.islands,
        files: files.map {
          Manifest.File(name: $0.name, rows: $0.rows, bytes: $0.bytes, xxh3_128: $0.fingerprint)
        }))
  }

  private static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
