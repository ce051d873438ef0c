import Foundation
import XMDBTestSupport

/// The answers of another program for the real cones, beside the project.
enum Golden {
  static var isPresent: Bool { ProjectPaths.shared("golden/edges.csv") != nil && RealCones.isPresent }

  /// The rows of a CSV file with a header, as dictionaries; its fields hold no commas.
  static func rows(_ name: String) throws -> [[String: String]] {
    let text = try String(contentsOf: ProjectPaths.shared("golden/" + name)!, encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let names = lines[0].map(String.init)
    return lines.dropFirst().map { fields in
      Dictionary(uniqueKeysWithValues: zip(names, fields.map(String.init)))
    }
  }

  struct Pair: Hashable {
    let a: Int64
    let b: Int64
  }

  struct Edge {
    let pair: Pair
    /// Nil where the program did not accept the pair.
    let acceptedCDF: Double?
    let exactCDF: Double
  }

  static func edges() throws -> [Edge] {
    try rows("edges.csv").map { row in
      Edge(
        pair: Pair(a: Int64(row["gaia_source_id"]!)!, b: Int64(row["catwise_cntr"]!)!),
        acceptedCDF: Double(row["macauff_cdf"]!), exactCDF: Double(row["exact_cdf"]!) ?? .nan)
    }
  }

  /// Probability of the best pairing by matched pair.
  static func matches(_ folder: String) throws -> [Pair: Double] {
    try Dictionary(
      uniqueKeysWithValues: rows(folder + "/matches.csv").map {
        (Pair(a: Int64($0["gaia_source_id"]!)!, b: Int64($0["catwise_cntr"]!)!), Double($0["match_p"]!)!)
      })
  }

  /// Ids of the sources it rejected near the border.
  static func rejected(_ folder: String) throws -> (a: Set<Int64>, b: Set<Int64>) {
    func ids(_ name: String, _ column: String) throws -> Set<Int64> {
      Set(try rows("\(folder)/\(name)").map { Int64($0[column]!)! })
    }
    return (try ids("rejected_gaia.csv", "gaia_source_id"), try ids("rejected_catwise.csv", "catwise_cntr"))
  }

  /// Members of each island with sources of both catalogues.
  static func islands(_ folder: String) throws -> [(a: [Int64], b: [Int64])] {
    try rows(folder + "/islands.csv").map { row in
      func ids(_ text: String) -> [Int64] { text.split(separator: " ").map { Int64($0)! } }
      return (ids(row["gaia_source_ids"]!), ids(row["catwise_cntrs"]!))
    }
  }

  /// Densities by band pair.
  struct Priors {
    let counterparts: Double
    let a: Double
    let b: Double
  }

  static func priors(_ folder: String) throws -> [[String]: Priors] {
    try Dictionary(
      uniqueKeysWithValues: rows(folder + "/priors.csv").map {
        (
          [$0["filt_a"]!, $0["filt_b"]!],
          Priors(
            counterparts: Double($0["Nc_per_deg2"]!)!, a: Double($0["Nfa_per_deg2"]!)!, b: Double($0["Nfb_per_deg2"]!)!)
        )
      })
  }
}
