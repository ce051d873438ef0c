import CatalogStore
import Simulation

/// Bands as options name them: `G,BP:0.4,RP:-0.6`.
enum BandList {
  static func parse(_ text: String, _ option: String) throws -> [SimulatedBand] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { entry in
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      let offset = parts.count > 1 ? Double(parts[1]) : 0
      guard (1...2).contains(parts.count), let offset else {
        throw StoreError(.usage, option, "has '\(entry)'; allowed: a name, or name:offset in mag, such as BP:0.4")
      }
      return SimulatedBand(String(parts[0]), offset: offset)
    }
  }
}
