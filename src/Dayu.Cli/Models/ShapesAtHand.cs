using Dayu.Models;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>
/// Sizes of models that a word may mean, without there being a model: <c>shape:gpt2</c>, or <c>gpt2</c> where nothing else is called so.
/// </summary>
static class ShapesAtHand
{
    public const string Prefix = "shape:";

    const int Most = 8;

    /// <summary>Names that can be listed.</summary>
    public static string[] Names => [.. NamedShapes.All.Select(s => s.Name)];

    /// <summary>The shape that a word means; null: a path, a stored model or a run is called so, or it is no shape.</summary>
    /// <exception cref="CliError">It says shape: and there is none of that name; says which are near.</exception>
    public static NamedShape? Find(CommandContext call, string word)
    {
        if (!word.StartsWith(Prefix, StringComparison.Ordinal))
            return call.Models.Find(word) is null ? NamedShapes.Find(word.ToLowerInvariant()) : null;
        var name = word[Prefix.Length..];
        if (NamedShapes.Find(name.ToLowerInvariant()) is { } known) return known;
        var file = Path.Combine(call.Terminal.Folder, name);
        return File.Exists(file) ? new(name, file, new JsonText(file, InputFile.Read(file, word), byHand: true).ParseObject())
            : throw new CliError(3021, name, Near(name));
    }

    static string Near(string name)
    {
        var near = Suggestions.Near(name, Names);
        return string.Join(", ", near.Take(Most)) + (near.Length > Most ? ", …" : "");
    }

    /// <summary>The shape that was probably meant by a word; null: none.</summary>
    public static string? Meant(string word) => Spelling.Closest(word.ToLowerInvariant(), Names);
}
