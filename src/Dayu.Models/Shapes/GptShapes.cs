using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// OpenAI's: GPT-1 (Radford et al. 2018), GPT-2 (Radford et al. 2019, table 2; github.com/openai/gpt-2), GPT-3 (Brown et al. 2020,
/// arXiv:2005.14165, tables 2.1 and D.1).
/// </summary>
static class GptShapes
{
    const string Gpt2Paper = "Radford et al. 2019, table 2; heads of 64, as the published weights have them";
    const double Gpt3Tokens = 300e9;

    public static NamedShape[] All { get; } =
    [
        new("gpt1", "Radford et al. 2018, section 4.1", new()
        {
            ["architectures"] = new JsonArray("OpenAIGPTLMHeadModel"), ["model_type"] = "openai-gpt", ["afn"] = "gelu",
            ["vocab_size"] = 40478, ["n_embd"] = 768, ["n_layer"] = 12, ["n_head"] = 12, ["n_positions"] = 512,
            ["embd_pdrop"] = 0.1, ["attn_pdrop"] = 0.1, ["resid_pdrop"] = 0.1,
        }),
        Gpt2("gpt2", layers: 12, width: 768) with { Note = Miscounted("117 M", "124 M") },
        Gpt2("gpt2-medium", layers: 24, width: 1024) with { Note = Miscounted("345 M", "355 M") },
        Gpt2("gpt2-large", layers: 36, width: 1280) with { Note = Miscounted("762 M", "774 M") },
        Gpt2("gpt2-xl", layers: 48, width: 1600) with { Note = Miscounted("1542 M", "1558 M") },
        Gpt3("gpt3-small", layers: 12, width: 768, heads: 12, 2.25e20),
        Gpt3("gpt3-medium", layers: 24, width: 1024, heads: 16, 6.41e20),
        Gpt3("gpt3-large", layers: 24, width: 1536, heads: 16, 1.37e21),
        Gpt3("gpt3-xl", layers: 24, width: 2048, heads: 16, 2.38e21) with
        {
            Note = "the table says 24 heads of 128, which are 3072 wide and not 2048; taken: 16 heads of 128, which are",
        },
        Gpt3("gpt3-2.7b", layers: 32, width: 2560, heads: 32, 4.77e21),
        Gpt3("gpt3-6.7b", layers: 32, width: 4096, heads: 32, 1.20e22),
        Gpt3("gpt3-13b", layers: 40, width: 5120, heads: 40, 2.31e22) with
        {
            Note = "the table says width 5140, and 40 heads of 128, which are 5120 wide; taken: 5120, "
                + "which also gives the 12,850 M of table D.1",
        },
        Gpt3("gpt3-175b", layers: 96, width: 12288, heads: 96, 3.14e23),
    ];

    static string Miscounted(string said, string counted) => $"the paper says {said}; the published weights are {counted}, as here";

    static NamedShape Gpt2(string name, int layers, int width) => new(name, Gpt2Paper, new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"), ["model_type"] = "gpt2", ["activation_function"] = "gelu_new",
        ["vocab_size"] = 50257, ["n_embd"] = width, ["n_layer"] = layers, ["n_head"] = width / 64, ["n_positions"] = 1024,
        ["embd_pdrop"] = 0.1, ["attn_pdrop"] = 0.1, ["resid_pdrop"] = 0.1,
    });

    /// <summary>The paper does not say how wide the bands are: 128 positions, as <see cref="Gpt3Config"/> has it.</summary>
    static NamedShape Gpt3(string name, int layers, int width, int heads, double operations) =>
        new(name, "Brown et al. 2020, arXiv:2005.14165, table 2.1; the width of its bands is not said there: 128", new()
        {
            ["model_type"] = "gpt3", ["activation_function"] = "gelu_new",
            ["vocab_size"] = 50257, ["n_embd"] = width, ["n_layer"] = layers, ["n_head"] = heads, ["n_positions"] = 2048,
            ["attention_pattern"] = new JsonArray("dense", "banded"), ["window"] = 128,
        })
        {
            Tokens = Gpt3Tokens, PublishedOperations = operations,
        };
}
