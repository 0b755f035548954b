using System.Text.RegularExpressions;

namespace Dayu.Templates;

/// <summary>
/// Recognises the templates of Ollama, which are written in Go's language: people meet them in files of models.
/// </summary>
static partial class GoTemplate
{
    public const string Explanation = "It looks like a Go template, as Ollama writes them, where a Jinja template was expected: "
        + "get the model's file with the chat template of its authors, or use the model without a template";

    /// <summary>
    /// Whether it reaches for a field, <c>.Messages</c>, or a variable, <c>$i</c>, as Jinja never does.
    /// </summary>
    public static bool Looks(string source) => Fields().IsMatch(source);

    [GeneratedRegex(@"\{\{-? ?(?:[a-z]{1,10} ){0,3}(?:\.[A-Z]|\$[A-Za-z_.,])")]
    private static partial Regex Fields();
}
