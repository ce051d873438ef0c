import ArgumentParser
import CatalogStore
import Delivery
import Indexing

/// Options of an export for a Qserv.
struct QservOptions: ParsableArguments {
  @Flag(help: "Divide the package among the chunks of a Qserv, with the JSON that registers its tables.") var qserv =
    false
  @Option(help: ArgumentHelp("With --qserv: the database there (default: A_B).", valueName: "name")) var database:
    String?
  @Option(help: ArgumentHelp("With --qserv: stripes of the sky (default: 340).", valueName: "n")) var stripes: Int?
  @Option(help: ArgumentHelp("With --qserv: sub-stripes of a stripe (default: 3).", valueName: "n")) var subStripes:
    Int?
  @Option(help: ArgumentHelp("With --qserv: overlap of chunks, degrees (default: 0.01667).", valueName: "deg"))
  var overlap: Double?
  @Option(
    help: ArgumentHelp("With --qserv: the table of A, if the Qserv holds it: [DATABASE.]TABLE.", valueName: "table"))
  var directorA: String?
  @Option(
    help: ArgumentHelp("With --qserv: the table of B, if the Qserv holds it: [DATABASE.]TABLE.", valueName: "table"))
  var directorB: String?

  private static let usualStripes = 340
  private static let usualSubStripes = 3
  private static let usualOverlap = 0.01667

  /// The options that were given.
  var given: [String] {
    let given: [(String, Bool)] = [
      ("--qserv", qserv), ("--database", database != nil), ("--stripes", stripes != nil),
      ("--sub-stripes", subStripes != nil), ("--overlap", overlap != nil), ("--director-a", directorA != nil),
      ("--director-b", directorB != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// The Qserv that the tables of a match are for; nil without --qserv.
  /// - Throws: `StoreError.usage` for what no Qserv can be divided by.
  func qserv(_ a: String, _ b: String) throws -> QservDatabase? {
    guard qserv else {
      if let option = given.first { throw StoreError(.usage, option, "is for Qserv; give --qserv as well") }
      return nil
    }
    return try QservDatabase(
      name: database ?? QservDatabase.usualName(a, b), partition: partition(), directorA: director(directorA),
      directorB: director(directorB))
  }

  private func director(_ text: String?) throws -> QservDatabase.Director? { try text.map(QservDatabase.Director.init) }

  private func partition() throws -> StripePartition {
    let (stripes, subStripes) = (stripes ?? Self.usualStripes, subStripes ?? Self.usualSubStripes)
    let overlap = overlap ?? Self.usualOverlap
    guard overlap > 0, overlap < 180 else {
      throw StoreError(.usage, "--overlap", "is \(overlap); allowed: degrees above 0, for example 0.01667")
    }
    if let parts = StripePartition(stripes: stripes, subStripes: subStripes, overlapDegrees: overlap) { return parts }
    throw StoreError(
      .usage, "--qserv",
      "cannot divide the sky into \(stripes) stripes of \(subStripes) sub-stripes with an overlap of \(overlap)°; allowed: up to "
        + "\(StripePartition.mostStripes) stripes, \(StripePartition.mostSubStripes) sub-stripes in all, each sub-chunk wider "
        + "than the overlap, for example --stripes 340 --sub-stripes 3 --overlap 0.01667")
  }
}
