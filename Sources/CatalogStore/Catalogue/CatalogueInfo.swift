public import Indexing

/// What the registry knows of the current generation of one catalogue.
public struct CatalogueInfo: Sendable {
  /// Row number of the generation in the registry.
  public var generation: Int64 = 0
  /// The catalogue's name in SQL.
  public var name: String
  /// 1, 2, … within the catalogue.
  public var number: Int = 1
  /// When it was ingested, UTC.
  public var created: String = ""
  /// Version of the program that ingested it.
  public var program: String = ""
  /// Fingerprint of the input files and of the options that shape the result.
  public var inputsFingerprint: String
  /// Those options, for people.
  public var options: String = ""
  /// Rows in the input.
  public var inputRows: Int64 = 0
  /// Sources.
  public var rows: Int64 = 0
  /// Rows kept aside; `inputRows = rows + problemRows`.
  public var problemRows: Int64 = 0
  /// Rows whose id another row has too.
  public var duplicateIDs: Int64 = 0
  /// Rows without id.
  public var nullIDs: Int64 = 0
  /// The reference frame of the positions.
  public var frame: String = "ICRS"
  /// The epoch of all positions, Julian years; nil when unknown or per row.
  public var epochYears: Double?
  /// The earliest and latest epoch; nil when unknown.
  public var epochRange: ClosedRange<Double>?
  /// The median of the rows' epochs, to a hundredth of a year; nil when unknown or when all rows have `epochYears`.
  public var medianEpochYears: Double?
  /// The PSF that its survey profile stated at the ingest: a full width in arcsec, the name of a band, or `none`; nil: none was stated.
  public var psf: String?
  /// The largest 1-σ position error along any axis, arcsec.
  public var largestSigmaArcsec: Double = 0
  /// The largest known proper motion, mas/yr.
  public var largestMotionMasPerYear: Double = 0
  /// The largest error of a proper motion, mas/yr.
  public var largestSigmaMotionMasPerYear: Double = 0
  /// Sources with a known proper motion.
  public var knownMotions: Int64 = 0
  /// The narrow form.
  public var layout: NarrowLayout
  /// Columns of the shards, in order.
  public var columns: [ColumnInfo] = []
  /// What the columns mean.
  public var roles: [RoleInfo] = []
  /// The files it came from.
  public var inputs: [InputFile] = []
  /// Shards along the curve.
  public var shards: [ShardInfo] = []
  /// How many sources have which magnitude, by band of the narrow form.
  public var magnitudes: [MagnitudeHistogram] = []
  /// Problem rows by reason.
  public var problems: [(reason: String, rows: Int64)] = []
  private var ownFolder: String?

  /// The folder of the generation below that of the database. It keeps its name when the catalogue is renamed.
  public var folder: String {
    get { ownFolder ?? Self.folder(catalogue: name, number: number) }
    set { ownFolder = newValue }
  }

  /// The folder of a generation of a catalogue that was never renamed.
  static func folder(catalogue: String, number: Int) -> String { "catalogues/\(catalogue)/\(number)" }

  /// Size and fingerprint of `problems.sqlite`; nil when no row was kept aside.
  public var problemFile: (bytes: Int64, fingerprint: String)?

  /// Makes an entry with the facts that have no default.
  public init(name: String, inputsFingerprint: String, layout: NarrowLayout) {
    self.name = name
    self.inputsFingerprint = inputsFingerprint
    self.layout = layout
  }

  /// The column (name in the shards) that has a role, by the role's text form.
  public func column(role: String) -> String? { roles.first { $0.role == role }?.column }

  /// Refuses a catalogue that an older program stored in a form that is not read any more.
  /// - Throws: `StoreError.usage` with the command that stores it anew.
  public func requireReadable() throws {
    guard layout.isOutdated else { return }
    throw StoreError(
      .usage, name,
      "is stored in the form of an older xmdb, which this one does not read; store it anew with `\(ingestCommand)`")
  }

  /// The command that stores the catalogue anew from its files.
  var ingestCommand: String {
    let words = ["xmdb ingest"] + inputs.map(\.path) + ["--as \(name)", options, "--replace"]
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Bytes of all shards.
  public var bytes: Int64 { shards.reduce(0) { $0 + $1.bytes } }
}

/// One column of a catalogue.
public struct ColumnInfo: Sendable, Equatable {
  /// Name in the shards.
  public var name: String
  /// Name in the input; differs where two names of the input are the same to SQL.
  public var sourceName: String
  /// Type in the input, by its stable text name.
  public var type: String
  /// Unit as the input gives it.
  public var unit: String?
  /// Unified Content Descriptor.
  public var ucd: String?
  /// The input's description.
  public var description: String?

  /// Makes a column.
  public init(name: String, sourceName: String, type: String, unit: String?, ucd: String?, description: String?) {
    self.name = name
    self.sourceName = sourceName
    self.type = type
    self.unit = unit
    self.ucd = ucd
    self.description = description
  }
}

/// One role and what plays it.
public struct RoleInfo: Sendable, Equatable {
  /// The role's text form: `ra`, `sigma`, `mag:G`, …
  public var role: String
  /// Column name in the shards; nil for a constant.
  public var column: String?
  /// The constant, in `unit`.
  public var constant: Double?
  /// Unit in which the column or constant is read.
  public var unit: String?
  /// Why this column was chosen.
  public var reason: String

  /// Makes a role.
  public init(role: String, column: String?, constant: Double?, unit: String?, reason: String) {
    self.role = role
    self.column = column
    self.constant = constant
    self.unit = unit
    self.reason = reason
  }
}

/// One file that was ingested.
public struct InputFile: Sendable, Equatable {
  /// Absolute path at the time.
  public var path: String
  /// Size in bytes.
  public var bytes: Int64
  /// Rows.
  public var rows: Int64
  /// Fingerprint of the contents.
  public var fingerprint: String

  /// Makes an entry.
  public init(path: String, bytes: Int64, rows: Int64, fingerprint: String) {
    self.path = path
    self.bytes = bytes
    self.rows = rows
    self.fingerprint = fingerprint
  }
}

/// One shard: the sources of one HEALPix pixel, a contiguous range of rowids.
public struct ShardInfo: Sendable, Equatable {
  /// The pixel.
  public var pixel: HealpixPixel
  /// Rowid of the first source.
  public var firstRowid: Int64
  /// Number of sources.
  public var rows: Int64
  /// Path below the database folder.
  public var path: String
  /// Size in bytes.
  public var bytes: Int64
  /// Fingerprint of the file.
  public var fingerprint: String
  /// Smallest and largest id in it.
  public var smallestID: SourceID
  /// Largest id in it.
  public var largestID: SourceID

  /// Makes an entry.
  public init(
    pixel: HealpixPixel, firstRowid: Int64, rows: Int64, path: String, bytes: Int64, fingerprint: String,
    smallestID: SourceID, largestID: SourceID
  ) {
    self.pixel = pixel
    self.firstRowid = firstRowid
    self.rows = rows
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
    self.smallestID = smallestID
    self.largestID = largestID
  }
}
