namespace Dayu.Cli;

/// <summary>Which fonts are asked for a character, after the one that DAYU_FONT names.</summary>
enum FontOrder
{
    /// <summary>
    /// Those of the machine, then the one that comes along: for pixels, which look like everything else there.
    /// </summary>
    MachineFirst,

    /// <summary>
    /// The one that comes along, then those of the machine: for outlines, which are the same everywhere, and which the
    /// licences of many fonts do not let one hand on.
    /// </summary>
    BundledFirst,

    /// <summary>The one that comes along and no other.</summary>
    BundledOnly,
}
