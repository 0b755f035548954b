using Dayu.Hub;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>How texts and conversations become token ids.</summary>
/// <param name="tokenizer">Text to ids.</param>
/// <param name="hash">SHA-256 of the tokenizer's file, in hexadecimal.</param>
/// <param name="template">The chat template as it is written; null: only texts are read.</param>
/// <exception cref="TemplateException">It is no template.</exception>
public sealed class TextCoding(Tokenizer tokenizer, string hash, string? template = null)
{
    /// <summary>That of a run, whose folder has both.</summary>
    public static TextCoding Of(RunFolder run) => new(TokenizerFiles.Open(run.TokenizerPath), ShardTokenizer.Hash(run.TokenizerPath),
        File.Exists(run.TemplatePath) ? File.ReadAllText(run.TemplatePath) : null);

    /// <summary>Text to ids.</summary>
    public Tokenizer Tokenizer => tokenizer;

    /// <summary>SHA-256 of the tokenizer's file, in hexadecimal.</summary>
    public string Hash => hash;

    /// <summary>The chat template as it is written; null: there is none.</summary>
    public string? Template => template;

    /// <summary>Conversations to ids; null: there is no template.</summary>
    internal ChatEncoder? Chat { get; } = template is null ? null : new(tokenizer, ChatTemplate.Parse(template));
}
