using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A result in a file, in the form that its suffix says.</summary>
sealed class FigureFile
{
    const int MostNamed = 20;                                        // characters without a glyph that a remark names

    static readonly string[] forms = [".svg", ".png", ".html", ".csv", ".json"];
    static readonly JsonSerializerOptions json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public readonly Option<string?> Out = new("--out", "-o") { HelpName = "file" };

    /// <summary>Where it is wanted; null: nowhere. Asked before the work begins.</summary>
    /// <exception cref="CliError">The suffix says no form, or something is there already.</exception>
    public string? Target(CommandContext call)
    {
        if (call.Get(Out) is not { } named) return null;
        var path = Path.Combine(call.Terminal.Folder, named);
        if (!forms.Contains(Path.GetExtension(path).ToLowerInvariant())) throw new CliError(2040, named, string.Join(", ", forms));
        return Path.Exists(path) && !call.Yes ? throw new CliError(2005, path) : path;
    }

    /// <summary>Writes it, and says where.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="path">Where to.</param>
    /// <param name="picture">As a drawing.</param>
    /// <param name="table">As numbers.</param>
    /// <param name="value">As an object.</param>
    public static void Write(CommandContext call, string path, Func<Picture> picture, Table table, JsonObject value)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".svg": File.WriteAllText(path, Svg.Of(picture())); break;
            case ".png": File.WriteAllBytes(path, Painted(call, picture())); break;
            case ".html": File.WriteAllText(path, Page(call, picture(), table)); break;
            case ".csv": File.WriteAllText(path, table.Render(Format.Csv)); break;
            default: File.WriteAllText(path, value.ToJsonString(json) + "\n"); break;
        }
        call.Out.Note(call.Say.Text("figure.written", path));
    }

    static string Page(CommandContext call, Picture picture, Table table) =>
        Html.Of(picture, table.Columns.Select(c => c.TrimEnd('>')), table.Rows, call.Say["language"], call.Say["figure.numbers"]);

    static byte[] Painted(CommandContext call, Picture picture)
    {
        using var fonts = Fonts.With(call.Terminal.Variable("DAYU_FONT") is { } named ? Path.Combine(call.Terminal.Folder, named) : null);
        if (!fonts.Any) throw new CliError(1030);
        var painter = new Painter(fonts);
        var png = painter.Png(picture);
        if (painter.Missing.Count == 0) return png;
        var missing = string.Concat(painter.Missing.Take(MostNamed)) + (painter.Missing.Count > MostNamed ? " …" : "");
        call.Out.Warn(call.Say.Text("figure.missing", missing));
        return png;
    }
}
