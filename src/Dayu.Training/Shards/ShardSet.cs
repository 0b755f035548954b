namespace Dayu.Training;

/// <summary>A source as token ids in files that are read as memory.</summary>
public sealed class ShardSet
{
    /// <summary>The file that says what the set has; a folder without it is none.</summary>
    public const string FileName = "shards.json";

    /// <summary>The version of the form.</summary>
    internal const int Version = 1;
}
