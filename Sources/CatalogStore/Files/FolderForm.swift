/// What xmdb itself puts into the folders that it makes: the exact names of its files, and of the folders below.
///
/// These are the only names that are ever removed. Whatever else lies in such a folder is somebody else's and stays.
public enum FolderForm: Sendable {
  /// A database: what a writer may leave behind in it, beside `staging`. Never the registry.
  case database
  /// Files being built by the process that holds the writer lock.
  case staging
  /// The folder of all catalogues, with one for each of them, with one for each of its generations.
  case catalogues, catalogue, generation
  /// The folder of all runs, one of them, and what it counted.
  case runs, run, counts
  /// An export: its journal. Its other files are listed, not known by their names.
  case export
  /// One table of an export that is divided by pixels.
  case exportTable
  /// A folder `Norder=K`: files `Npix=N` with this ending.
  case pixels(ending: String)
  /// A folder of somebody else, in which only drafts are ours.
  case drafts
  /// A draft that is a folder: files of pixels or chunks of an export, or a whole database that is of no use any more.
  case draftFolder
  /// Files of the pixels of an export in such a folder.
  case draftPixels

  /// The list of old and new files of an export while it is written.
  static let exportJournal = ".xmdb-export.json"

  /// Whether a file of this name is one that xmdb makes here.
  func isFile(_ name: String) -> Bool {
    if OwnName.isDraft(name) { return true }
    switch self {
    case .database:
      return name == "writer.owner" || OwnName.is(name, "writer.owner.", OwnName.isHex32)
        || OwnName.isDraft(of: "registry.draft", name)
    case .staging:
      return name == "all.keys" || OwnName.is(name, "ids-", OwnName.isNumber)
        || ["keys", "offsets", "rows"].contains { OwnName.is(name, "run-", OwnName.isNumber, "." + $0) }
        || OwnName.is(name, "chunk-", OwnName.isNumber, ".sqlite")
    case .generation: return name == "problems.sqlite" || name == "retired"
    case .export: return name == Self.exportJournal
    case .run:
      return [
        "plan.registry", "densities.registry", "flights", "status.json", "retired", ".flights.draft",
        "status.json.draft", "crew",
      ]
      .contains(name) || OwnName.isDraft(of: "plan.registry.draft", name)
        || OwnName.isDraft(of: "densities.registry.draft", name)
    case .draftFolder:
      let database = ["registry.sqlite", "writer.lock", "readers.lock"]
      let journals = ["registry.sqlite-journal", "registry.sqlite-wal", "registry.sqlite-shm"]
      return (database + journals).contains(name) || FolderForm.database.isFile(name) || OwnName.isChunk(name)
        || name == "beyond.csv"
    case .pixels(let ending):
      return OwnName.is(name, "Npix=", OwnName.isNumber, ending)
        || OwnName.is(name, ".Npix=", OwnName.isNumber, ending + ".draft")
    case .draftPixels: return [".csv", ".parquet"].contains { OwnName.is(name, "Npix=", OwnName.isNumber, $0) }
    case .catalogues, .catalogue, .runs, .counts, .exportTable, .drafts: return false
    }
  }

  /// What a folder of this name is, if xmdb makes one here.
  func folder(_ name: String) -> FolderForm? {
    switch self {
    case .database: return name == "staging" ? .staging : nil
    case .staging: return name == "generation" ? .generation : nil
    case .catalogues: return OwnName.isPlain(name) ? .catalogue : nil
    case .catalogue: return OwnName.isNumber(name) ? .generation : nil
    case .runs: return OwnName.isNumber(name) ? .run : nil
    case .generation: return OwnName.isOrder(name) ? .pixels(ending: ".sqlite") : nil
    case .run:
      if name == "counts" { return .counts }
      return OwnName.isOrder(name) ? .pixels(ending: ".sqlite") : nil
    case .counts: return OwnName.isOrder(name) ? .pixels(ending: ".counts") : nil
    case .exportTable: return OwnName.isOrder(name) ? .pixels(ending: ".csv") : nil
    case .drafts: return OwnName.isDraft(name) ? .draftFolder : nil
    case .draftFolder:
      switch name {
      case "catalogues": return .catalogues
      case "runs": return .runs
      case "staging": return .staging
      default: return OwnName.isOrder(name) ? .draftPixels : nil
      }
    case .pixels, .export, .draftPixels: return nil
    }
  }
}

/// Tells names that xmdb gives from all others.
enum OwnName {
  /// Whether a name is `before`, something that `isPart` knows, and `after`.
  static func `is`(_ name: String, _ before: String, _ isPart: (String) -> Bool, _ after: String = "") -> Bool {
    guard name.hasPrefix(before), name.hasSuffix(after), name.utf8.count > before.utf8.count + after.utf8.count else {
      return false
    }
    return isPart(String(name.dropFirst(before.count).dropLast(after.count)))
  }

  /// Whether a name leads to an entry of its folder and nowhere else.
  static func isPlain(_ name: String) -> Bool { !["", ".", ".."].contains(name) && !name.contains("/") }

  /// A number from 0, as it is written here: no sign, no zeros before it.
  static func isNumber(_ text: String) -> Bool { UInt64(text).map { String($0) == text } ?? false }

  /// `Norder=K`.
  static func isOrder(_ name: String) -> Bool { (0...29).contains { name == "Norder=\($0)" } }

  /// A file of a chunk of Qserv, `chunk_N.txt` or `chunk_N_overlap.txt`.
  static func isChunk(_ name: String) -> Bool {
    OwnName.is(name, "chunk_", isNumber, ".txt") || OwnName.is(name, "chunk_", isNumber, "_overlap.txt")
  }

  static func isHex32(_ text: String) -> Bool { isHex(text, 32) }

  /// `.xmdb-MACHINE-RANDOM.draft`, or the journal that SQLite keeps beside it.
  static func isDraft(_ name: String) -> Bool {
    let stem = name.hasSuffix("-journal") ? String(name.dropLast(8)) : name
    return OwnName.is(
      stem, ".xmdb-", { $0.utf8.count == 25 && isHex($0.prefix(8), 8) && isTail($0.dropFirst(8)) }, ".draft")
  }

  private static func isTail(_ text: Substring) -> Bool { text.hasPrefix("-") && isHex(text.dropFirst(), 16) }

  /// A name that earlier versions gave to a draft, or the journal beside it.
  static func isDraft(of draft: String, _ name: String) -> Bool { name == draft || name == draft + "-journal" }

  private static func isHex(_ text: some StringProtocol, _ count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
