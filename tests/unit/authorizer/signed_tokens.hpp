#pragma once

#include <array>
#include <string_view>

/// Made by make_tokens.py; base64url unless said otherwise.
namespace kelvin::test::signed_tokens {

inline constexpr std::string_view message = "a message";
/// Modulus, exponent, digest, signature of `message`.
inline constexpr std::array<std::array<std::string_view, 4>, 12> good_signatures = {{
    {"w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_"
     "9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-"
     "nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNhzEqFoMPbAIJ7-"
     "d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVmV3cymkZ1SShZKsTzp2exrbFIHi"
     "dP9MnnHVoo52xP6w",
     "AQAB", "sha256",
     "Gndy-WOvVksXh0NcaO0mwSF4DleJ8WsLYbKDaw_L18Y0dRG84TYa6BPz3Wez2h-v6rUIc_zD4iDdLC0OL024PpyR_i6vGnN-"
     "voXLgkYWHA4RQyXQbQvHPQvoBo8_"
     "3BmiK3TiIkhndpLDFqtGRs0Ukyo9BTKwsPBATxImY4YAV878LpGuEta5EXfopeRP1IXxwEJgsLo5ex5l8si26zPulA-30rb87jJCg-Wm45lzklL_"
     "D3DkIsUh8RHt0CxfY0OtLmDO_7qrLfOfvNT0CyBQezKNoTKXZyR4jgIQpFF74nXdv_NVnnUfiHizSzdMFuzDwBQlZLPR0UBJtZkzIHKIbQ"},
    {"w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_"
     "9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-"
     "nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNhzEqFoMPbAIJ7-"
     "d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVmV3cymkZ1SShZKsTzp2exrbFIHi"
     "dP9MnnHVoo52xP6w",
     "AQAB", "sha384",
     "VUUsifqcVwcZs16qK8ArLgqQagdQtDmVi7sIy5CIfjnqkrh1XAOPi-uONf_4zhvIum7rfjfscQIMuPi9venlPwhy7sGx-"
     "ACZ72i1WPewlhYaCAEuCCc7LEEo6sZwJAwJV9G40CoWmMT2oFRKDzxCCIfja-"
     "Vfp95GM79SwfzEslEPoJj78X7c4EuiYvC6XfMuBpyxzfHmV1thcVG2guVgLtYl2i34onkGnc_qTpa1Xyr0FtnMg_"
     "p8nyQhsIhCdM4u99DfwB97R0252F-mQTFtg0ge0ev2vm3I-g4k_WsZdJ_FSOVOsumnDKisenkowchiR4kGuqO_t38-ZkLbDSZhIQ"},
    {"w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_"
     "9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-"
     "nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNhzEqFoMPbAIJ7-"
     "d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVmV3cymkZ1SShZKsTzp2exrbFIHi"
     "dP9MnnHVoo52xP6w",
     "AQAB", "sha512",
     "J35Np74zJtZjUg-GANdPKaGF6EQuJirxIzudoVbWN-RDlWCQW4Y63j6lmHWYbuUXur27YbJ55AGwG5l87UAJvvd9mAtEco0FJioh-"
     "qw5pE5QYOFYtgOrdhsa_sYvONyzLXIxJy9vuEVq6vHgdIa6iXB_Y0TNpumLyEQou8luRGKYqjWOvjawJmKdguG-TXI825nTW8SSu3uOr_"
     "1AhKNBYsB_Ftn-PE9mkabWopyxn_LPWoPIAI7LfZ4R-OF5YptSu7-"
     "AlKlGpKbOwaESh3k10JSl2PoXHaXojBKTscN44Bd9qXsailzFoceCdDFBUwNkkIgaPAJJ7AHULjYmAw8KCg"},
    {"nJNocU3pu5IWyJZVzvb1NLedXS6WdRBRdwOHSD1o50H__ifdL_"
     "PaXwlG7gVThqjD2weFHMMzOubKRVSyooKNk9977GgUZgC5aqiKSLyQtSpB09g1mRAZo7z3o0uHBRe6vsyC9u4lwRnhga-nqQS_R-"
     "U1EtHqMCtfOMBds15ctC0iSNkQOmzDFu3O_ssl7-dmu70xTI44JTfdGrfEfyo-K25xXIKl91bzCgFvEmC0tI391BS8vw6_w0cYK_"
     "9aqrWAosppVSmj99sysKg-j3qLxvMKKVeHNZlRlxPxsG_-iypleE-jjc5WY_qT1z_v-iitsa-7stqxurK4-"
     "febRvbXHIbeWvAyllUY3mvin7lAFTtppwOy0a129RQBXspspnrnbwAMJIicX9pIlPRNj15d0A5foxTk2iPyLhPuU8PUeo7IxGOP2nf5VEopGAnQnn"
     "g7NhtSs_pbt3YVV45VL3kZlcZG-biZ0LnBD5LGd8HMA5NtiFNRKkSiGxNNtrprr0v5",
     "AQAB", "sha256",
     "V79iku0mZDaZZjMmVGN6j7XyAoLmOsUElq5ZTwnYW7tQ3KNco8w2sSwIAxtUn6VxHNIiRLbFvHmgNSBDbgwFiaUr6l3Ov_"
     "ZudzbumjDxgIiotxcDM_UVCutbOChELMJ2ds1v01M1lCBUd8pPA-"
     "UZw4v6ijYk8d6AUazvUfIbSNg5VsPp1V2zJoZZ0qniEcxkoRzjeA4Gd6wl04t-ehMxbt3LScEmJUyjPqlXbTw5Z2es5FOoUO-v_ogor_"
     "wHwN96EbscIVmiNycuq9UztYf19g3EL6CFw9UO2GT_ni-QTs_e33g_5Rv0VmcKpnYYi9R_"
     "DUYxoxZ77JGSptBMHMf2ekpbkKvDzVeWxmkxgxrlOYEijofHF8he_F3HQwAPv7WdPCkViwX5br2TC8d7XdYJcN9_"
     "papngndd3pUx1vCTSYgZmEddelROOTQgLgm2-H5DojcJtWMiHp8LFZslGJHGGJCGrelnyTqzsisfvMLAsFGAGa3BGkjKn89hDB82vscM"},
    {"nJNocU3pu5IWyJZVzvb1NLedXS6WdRBRdwOHSD1o50H__ifdL_"
     "PaXwlG7gVThqjD2weFHMMzOubKRVSyooKNk9977GgUZgC5aqiKSLyQtSpB09g1mRAZo7z3o0uHBRe6vsyC9u4lwRnhga-nqQS_R-"
     "U1EtHqMCtfOMBds15ctC0iSNkQOmzDFu3O_ssl7-dmu70xTI44JTfdGrfEfyo-K25xXIKl91bzCgFvEmC0tI391BS8vw6_w0cYK_"
     "9aqrWAosppVSmj99sysKg-j3qLxvMKKVeHNZlRlxPxsG_-iypleE-jjc5WY_qT1z_v-iitsa-7stqxurK4-"
     "febRvbXHIbeWvAyllUY3mvin7lAFTtppwOy0a129RQBXspspnrnbwAMJIicX9pIlPRNj15d0A5foxTk2iPyLhPuU8PUeo7IxGOP2nf5VEopGAnQnn"
     "g7NhtSs_pbt3YVV45VL3kZlcZG-biZ0LnBD5LGd8HMA5NtiFNRKkSiGxNNtrprr0v5",
     "AQAB", "sha384",
     "UJMUEJN0p1w9uYA78elYW-O6fqeLth7mMqG87aWWVU0EikUo25W8suHoWJfICByjTmmAcEqcMF_uAPUMlIgBq0bVeNtAeY9OK5CKT-"
     "sTvR6JYduVF7FFJrVHajYiM0rbCUMt-"
     "VDt2m8AATWwV6Un9pQw9FkZRfwqTWYW4kdflla1Rry8fZf7YfwkHt6Lxc6wu6SrGmYnbvWZuairdE4r9b18_iOKLspXqQHQ3cXLvDjrxwj-"
     "t9q5JrL752r4YOjbbmYLgzF_O3kOjefNgLGCFZEnoMlxbO86ruhO2stlw3Ce9IqRHE7kwtfJ589koj3SycL7H6KId6x3IfbhBmugFpo4Bu3I4Q-"
     "uavLY5CDf6NsHU2wOeJufEYdIjEaG-zb-qmc_L5cjG8LKZ9uxLcHWEb8-k3DWii24PnNuObXgaQUQfT9Lna-gVRVLEEW26W9-"
     "AjxRlD1CgyJn4OmqYCO9N4fuwqIHdtZyg_j8P8rnbmRnFefIdLLgxwG2aEAMocKr"},
    {"nJNocU3pu5IWyJZVzvb1NLedXS6WdRBRdwOHSD1o50H__ifdL_"
     "PaXwlG7gVThqjD2weFHMMzOubKRVSyooKNk9977GgUZgC5aqiKSLyQtSpB09g1mRAZo7z3o0uHBRe6vsyC9u4lwRnhga-nqQS_R-"
     "U1EtHqMCtfOMBds15ctC0iSNkQOmzDFu3O_ssl7-dmu70xTI44JTfdGrfEfyo-K25xXIKl91bzCgFvEmC0tI391BS8vw6_w0cYK_"
     "9aqrWAosppVSmj99sysKg-j3qLxvMKKVeHNZlRlxPxsG_-iypleE-jjc5WY_qT1z_v-iitsa-7stqxurK4-"
     "febRvbXHIbeWvAyllUY3mvin7lAFTtppwOy0a129RQBXspspnrnbwAMJIicX9pIlPRNj15d0A5foxTk2iPyLhPuU8PUeo7IxGOP2nf5VEopGAnQnn"
     "g7NhtSs_pbt3YVV45VL3kZlcZG-biZ0LnBD5LGd8HMA5NtiFNRKkSiGxNNtrprr0v5",
     "AQAB", "sha512",
     "HCoUloozZBQOY2cupTd81RnrHUglTsgrEuMtRfEjDBk-y0mwqgAycgC31h89YX4MJE7m6BZgxvrzj8Xu2lGoMs_"
     "CI4wWedbd9t6IM3yTEOjpXSjo6MnVpDmVRWqgnoo0bU7n19i4SgAMtElD3ze3K8ywsDOnSIViTPA4JDhbX4HO8Igqxq09NURgDbV07BizuC7fGZMd"
     "-P7HAN-"
     "BBOgbPaDw5oLKgKdHLQpN89q8KumWA3MY7AkhLQrKU7SKayh0ksM8VhoNFgIkB77MV6mLUueBXx9XyP3xzTvroAewBYEBlVVzYIoK7I6iXnzLgT4K"
     "wGuZWVU0JQ47NJdlGIS9Llmui7Esvjhb4R0PxarYpnqBfq6xCNhDgzJ1ggmncPZIENSRSbKMolXBvbx-IyTHwSKBFK4E4cdXv2YPV-QmRp-"
     "BrkCDCzIUviNfFHob7U3CttZ25mbvFGSAx3mwb8py2pzX-_01SZqducv8nt8orrXcjB2Odzdu2rTw-o7WakgM"},
    {"lz95vs7XrBTH2oGdE-dFJpIehFyiLvOMcSbdIhU-"
     "UGrM56nsGxpnjhPvoJwXQhbHCPetcBzargSfnVJxjNHYk006PKdhDVpTy1QloTKMSI04Zo8ilawb_"
     "I0IKMdsrE3F8CtuYMxBmjPLfhcqqqu5RU3FkzC3UgB59N8ZSMcMkrVGPs5HH3zDJHq63j9_1ruuXDG-7Ifu3YneY1cL50DCpf_"
     "u8D4Gv9l56TXVuk0gMcDnQjfJEkpNP85la7RJY4SeGg-XgIFsA3quuOyje0P8di9-cF_W0Ir1QZLtmVSNlhuqVhPWx2_"
     "aQRDlupxiATsdVe11e887ONnrzCYTO2BdeTUpQVz1gL31WzIpqhJGkUFINIeNzw_"
     "pfoXzHd0hi5RXNHvjAhO0Bo7xtyPlQyofHNHufciBAa75pNBKVg5y497hYegrygah6IKNP8dtmtrsPsXrnPNArnVQbYQYOVVS0wraXATRUTHIxEYw"
     "kU34qXHui07gWueCaLoDIItKeBfqW-"
     "nicBPtZc7CCNSkSMrl7WfaAtyhHSv2psCrdwDTD27cqDAFozMgoXLZAZGDz2Om7yLelRJ0AD1e4YhDN3L2OVZjL3zjFR611yPr9Yithf0y8Ucj4xv"
     "YODnqTg-EamQxJvSIDq1ez0VjlWbKIWjDlTWYx12h6cM0AiCyk5STTfc",
     "AQAB", "sha256",
     "GmfheHWCPonD2-wEoVX19qLdwRFo9J6-Lnqt-"
     "LZffFDZB8ksU4xp8nCUCOfK7KxNLv8lB2qXDh4DbMRRerZ4NrMxy0iJL4KUbHRTtyRQenH3CJLRN4xsl2XL_"
     "7hrdsCFuizX9oJKk6J4AoRtxhHj1tIlPaXaRZvDbJOofCq26W8w8zWNrcNnFPjQwr3OpXrYOMpbSyAOl153yowCOOb6MaYTRTX_cSVav5zBc_"
     "ZHJS4fMllABbQDTeS0yoICMsFW2F35zsUk5GU-kqU5CA2yw7bwpV4ZvOcPsVBvGRGHFyjmTfQqOHLyT3a7bdId2-"
     "5gLb4gwybrDa9ElcTbgs8FFE1vJY79Pcos5-dW1WH7tfeL0tt3jtEbD0CwyXW_Sq7bQUO0a5tpx8Pu2LN67nfEo66XFK7HUuh_Kpo_"
     "hiXWZTaR7nxS6QgiGqHfaQbxuwqTxcG39kZhP363mxUuALLXko--"
     "botqbOwsy2Lr2PGfPyQpOWOBUSQlMteAtEka4xgnsqY6VcJsv2nJ2A7fqpsDAFp0McqgtcgG1UfOocjpSx-EIMRPnJ9nSu0LVBVhSdMabD-"
     "6GegqanBW_wFOHsuaXSPwNQx8_ZLkdFueqMl4Ys840FO8oUh6Dg8J08D2mUKZjfsHsUU89o4IKvEZVpLqVuK4B7B9vAH4flEqa3E7kjQ"},
    {"lz95vs7XrBTH2oGdE-dFJpIehFyiLvOMcSbdIhU-"
     "UGrM56nsGxpnjhPvoJwXQhbHCPetcBzargSfnVJxjNHYk006PKdhDVpTy1QloTKMSI04Zo8ilawb_"
     "I0IKMdsrE3F8CtuYMxBmjPLfhcqqqu5RU3FkzC3UgB59N8ZSMcMkrVGPs5HH3zDJHq63j9_1ruuXDG-7Ifu3YneY1cL50DCpf_"
     "u8D4Gv9l56TXVuk0gMcDnQjfJEkpNP85la7RJY4SeGg-XgIFsA3quuOyje0P8di9-cF_W0Ir1QZLtmVSNlhuqVhPWx2_"
     "aQRDlupxiATsdVe11e887ONnrzCYTO2BdeTUpQVz1gL31WzIpqhJGkUFINIeNzw_"
     "pfoXzHd0hi5RXNHvjAhO0Bo7xtyPlQyofHNHufciBAa75pNBKVg5y497hYegrygah6IKNP8dtmtrsPsXrnPNArnVQbYQYOVVS0wraXATRUTHIxEYw"
     "kU34qXHui07gWueCaLoDIItKeBfqW-"
     "nicBPtZc7CCNSkSMrl7WfaAtyhHSv2psCrdwDTD27cqDAFozMgoXLZAZGDz2Om7yLelRJ0AD1e4YhDN3L2OVZjL3zjFR611yPr9Yithf0y8Ucj4xv"
     "YODnqTg-EamQxJvSIDq1ez0VjlWbKIWjDlTWYx12h6cM0AiCyk5STTfc",
     "AQAB", "sha384",
     "eOzcGyIDBFCLt32xPcHOvn8fu4-"
     "PEr3XnGM2hhiSOBvhVp3DmD2gemfTPKt7QVNbVu7vvQudwggmy2qeioorOCfyLLLTP559wCkOEyJgTaesgNOUzD9cUX74M0WowA4RjRE4SoElqT2D"
     "aUob4ARfBceIYRwfzIDYAJhpiyZ2OfRQlYf_B8gyDfitj9bKin3E4nCINUS--JP1XuBjlT7av6wS7_neYvOmZpMTQ0heQcLZ5w9_siX-"
     "QdELMtM1NgmMJePByFzpy0izU93AKCv1C2PrvgVdpqKv9Ar6-MEidG-jDZCwlCgjcpVzAilipmpr-"
     "rke40akk8zMMt2KvVgnsbNiByoZzZR27oTfVDpc6hOY6W6y7LKfP8kU8EM4zX_i5ODGgHsszEcGmVA3hn-"
     "YAJQsK7Xv2M9jl6jKTxKcXqcctfHiPAtDVLK1sfcM2ASqnLVJG2fPGqV0s8VwpASVqth0k9QMY8OyvqLb0-Pzfs2ndFDphcBrs1nfkp0Dt4VL_"
     "2UXDKLtI8XEh_q4Zb8Uqp9ISf_NmCXdcN1uLBrMfhGVwTEFUPvaQ_zmi4QHanxN_"
     "OpPn7fNPq2O6upNLKgwk6VtkFGSYHBdHqVNLH1uGdZs8I8RG0XvUlV9kuL3wfLqASbVi_34xVrtM2VKINcsMb9NtYou0oXNndwqZEupzaY"},
    {"lz95vs7XrBTH2oGdE-dFJpIehFyiLvOMcSbdIhU-"
     "UGrM56nsGxpnjhPvoJwXQhbHCPetcBzargSfnVJxjNHYk006PKdhDVpTy1QloTKMSI04Zo8ilawb_"
     "I0IKMdsrE3F8CtuYMxBmjPLfhcqqqu5RU3FkzC3UgB59N8ZSMcMkrVGPs5HH3zDJHq63j9_1ruuXDG-7Ifu3YneY1cL50DCpf_"
     "u8D4Gv9l56TXVuk0gMcDnQjfJEkpNP85la7RJY4SeGg-XgIFsA3quuOyje0P8di9-cF_W0Ir1QZLtmVSNlhuqVhPWx2_"
     "aQRDlupxiATsdVe11e887ONnrzCYTO2BdeTUpQVz1gL31WzIpqhJGkUFINIeNzw_"
     "pfoXzHd0hi5RXNHvjAhO0Bo7xtyPlQyofHNHufciBAa75pNBKVg5y497hYegrygah6IKNP8dtmtrsPsXrnPNArnVQbYQYOVVS0wraXATRUTHIxEYw"
     "kU34qXHui07gWueCaLoDIItKeBfqW-"
     "nicBPtZc7CCNSkSMrl7WfaAtyhHSv2psCrdwDTD27cqDAFozMgoXLZAZGDz2Om7yLelRJ0AD1e4YhDN3L2OVZjL3zjFR611yPr9Yithf0y8Ucj4xv"
     "YODnqTg-EamQxJvSIDq1ez0VjlWbKIWjDlTWYx12h6cM0AiCyk5STTfc",
     "AQAB", "sha512",
     "F087RTbS_w8e1243buy3fnFDppadk6wTjACxiQEqcwTHwddD_B9ZeFR-"
     "eCD8rxdJKQ2oErtYbTCj9iYXpfMUoJ7x3CG3bGWCgcNrWeyqgSbTXhJ08DA3x2J5NJyQoaECF0t7SbT0KU6mUersrnSy31kixtGPrtyNYIS3Ak72w"
     "Wc7LMtG85iuNYQ_zQohQclSiSeOJlSAYtLd0LFmKFAglZXK82hV4R-e2jtyckgx_hK7lPG_UGG1ydXPZEijhvSU3FijN-"
     "zSvSk87leyUSQZvKNqlFUNGXIlN_rWbB21l0PjcAtEJg6fFzU27gc8ulWvM1vV9DdCQe5IPCMwn5ukQzkx3E6H2hRJkfcSYM88Nvvm9uPIctXl_"
     "TI5J-4uDN5GA9obYIhDbMncIZp1Cm1pIGT5T9RBL4b_"
     "5Fhf6DdOm80jzKXQTh17mHFe0fcV9ugejS2EPmiDpezejBmEC3RxQCN6Y4UWQIuvxaq4XbA8warXzyESNff9GRq-gW8OcfS7iatyz5Yy4rn232W_"
     "I6CUjSv1HyXFylgKeMCjwX9J0ZxnunWeQSi--R6yNnBRIlRSOvlHPSQxq6-aEpuokR1bJWdNGK3X6Sn3h__EUlt52NFboNeIgb0B4tz-Oo-"
     "OK60uGd7cGCReMPw5iXxxHdq9hbGlk02WKqulYJUXwSjog5E"},
    {"y5rYVU3UWHghEHMLgNcA0aiAlU115kLDrmc3BvuzN-RP8To6-ltTwB4o5eMpcMU7Ds_ZWyhgYMcwu7TJKqtqrI0GTHSz39PqJ_"
     "gGDMsPQqZB7NLfv7ZEcqtdhfwzMfeUlekvQKgcWJ8oaMm8OD35Os5O4oxj6jCiPA7EwKAkdb4BVcNSWvTFSkbDiH4RBzeGNgC3GWuvJKOMgB7Jtix"
     "CGs-B22rSjdXZbOA9j88VUwxkGQJTudgBUhuJE5fIH_xli5RMIfBbKrRqxxTvJ7-8xrgxDTO8DTOivsrw91f4mB3TA42zp8-"
     "ngHQYb65ih3lk4Ni9fV5xGyZZ7sCi4V9CPQ",
     "Aw", "sha256",
     "rUVQjPfGtiRBNSPXwVFn5BVljhbyRA5rKVATrLIQSyva0wvxEFotjGVngYo5QE5rprpq8N5fiEZ-qOEgZKu3N7xDD-N-t-"
     "ss3THKI1sNjJzi5HRofSfffP3dQ78lBeLO93aUAHEnbVgCuKy5o2UBEFMpdsRNgXtQ6xjUdqW-Ll3gh0BRrrnGOcUveyt_"
     "jsath5LqPdkOzBrB8g5dFbATr80pvtOSL7fC11T4X6uWE9EnX-vRNvu6q8zG5j6G3z0qW4vTDYc_HvZyBMebHcg14uIJg-WYCmiTzcKZzS_0z-"
     "SeS-ntvTFwAZvYH03Vx3BveqV9tdmK5AsByML6V5fK4A"},
    {"y5rYVU3UWHghEHMLgNcA0aiAlU115kLDrmc3BvuzN-RP8To6-ltTwB4o5eMpcMU7Ds_ZWyhgYMcwu7TJKqtqrI0GTHSz39PqJ_"
     "gGDMsPQqZB7NLfv7ZEcqtdhfwzMfeUlekvQKgcWJ8oaMm8OD35Os5O4oxj6jCiPA7EwKAkdb4BVcNSWvTFSkbDiH4RBzeGNgC3GWuvJKOMgB7Jtix"
     "CGs-B22rSjdXZbOA9j88VUwxkGQJTudgBUhuJE5fIH_xli5RMIfBbKrRqxxTvJ7-8xrgxDTO8DTOivsrw91f4mB3TA42zp8-"
     "ngHQYb65ih3lk4Ni9fV5xGyZZ7sCi4V9CPQ",
     "Aw", "sha384",
     "T7OXan6cGCdUtfEeJXk3gNvderPg4fvJRYKE4QMYn1Uce0pciHqQcPkUnmnofRX3VtezagTIQKs1Ygec4cedXNU6dZCQirpCIxIvx_"
     "mMxsaIAabkDHPWiRbY6N7owhSmwCxD68fVO8V-t1WLqy2ZWDRPiPiE0RY8LoWTRsDV0Zy6zwccdO9ob9TJY43ObDJawlUBz5yEgieW_"
     "EVTXNzpoaT1l6BRqY-gHfmuKeRM-5kdgCuyXXYOalFGa5sEmg570151iDT8LjP5D6II5Tahqwt_qqoHmgJrD-"
     "E5ODxanxoN5uhYkIe3mLxVELMyAZoNS2anfni-quvCmG6ccmaO7w"},
    {"y5rYVU3UWHghEHMLgNcA0aiAlU115kLDrmc3BvuzN-RP8To6-ltTwB4o5eMpcMU7Ds_ZWyhgYMcwu7TJKqtqrI0GTHSz39PqJ_"
     "gGDMsPQqZB7NLfv7ZEcqtdhfwzMfeUlekvQKgcWJ8oaMm8OD35Os5O4oxj6jCiPA7EwKAkdb4BVcNSWvTFSkbDiH4RBzeGNgC3GWuvJKOMgB7Jtix"
     "CGs-B22rSjdXZbOA9j88VUwxkGQJTudgBUhuJE5fIH_xli5RMIfBbKrRqxxTvJ7-8xrgxDTO8DTOivsrw91f4mB3TA42zp8-"
     "ngHQYb65ih3lk4Ni9fV5xGyZZ7sCi4V9CPQ",
     "Aw", "sha512",
     "TsJ4lXbYLqrfNoPvXyIGDOvjKLhFLqEjoVHfOL5v6y5nFWLUlA8LxPhJBoBDzQ0rr2TBWgo6Y3TU-4k5PLOte4nVQLsbB7-kd_v7d8AnX4XVQ_"
     "feubeXOltKTD_"
     "agYKvvEO7HccfVbrBv9nyHPGeMLzidZBWk4wdFNJcRaRGijedVTDCFabEfsStckcKyk1uvzct5OlOMfq3Ci96vJXgvkyP2m30LOvX8qhKiN9eQT1Z"
     "j3_VppbHKkYlqFfTBJrMaA8yg8J_1pcS670ZGDj8BbJk9eGOf12-W4kQ4cXgowNeERHt4blMBfWEozhaV1iWQdm8rI-N-Kd0R470hWgWrQ"},
}};
/// What is wrong, and the signature: of `message`, with the first key of good_signatures and SHA-256.
inline constexpr std::array<std::array<std::string_view, 2>, 23> bad_signatures = {{
    {"encryption padding",
     "vFRpi8GW7oZQRdX4GlEo4kIVfcVZS2ptkVDRz7fSPcgqar3Sf82i6IJXeWzuJH5CWXmL7fcTl_TjoE4TJNfTsbc3Qh_"
     "6U4kYQ6HPUZaavLDiWsWn0MZVRUdMtRZQeVNBaLzxlESJDdxIlOXfwXO6r93r63upolLcoh-t0FI80wZz5rlXHFAqArDDC3kbjgB7-L_ACRlt_"
     "eXLKveg_ca8RnRw0niUJIIiE0R-J7W4Uok3d-OeT_6GrDOlnFL7_"
     "4LVPOe22sWas0vKOSQvroH9ZcUsP1MDXrWj7U1VuScNUWqj4Gq2pqRoFTyRLaI8Au-an817R_p3NfMtzpi2MZUUUg"},
    {"block type 0",
     "vyzwMt8Ivpwp8lIcrfZtmxrT_FxdmA0_UcyHNiP88CRM9yRKT8YMnrUBgQhzHd1Pg84rUhdeGsofwsWqtpbVYdDMo8ii_"
     "wQ64M526wjiW9P6eU1MJlDJJeRyr8RlK1Mb5d_iZ_o6MHL4yxj7WTpeJyTQ3BN7VGsg_wNt5bX8iHDAQrLp9J-"
     "niKhbpuNIVkLi94gv5mDLV0EoSZK4OoEO9LorXyikXFTzeHsdkJHSDe9bUNcHHtV6-"
     "bMwLmHB8dIKML5EB18njmQCLqBerDI5aMdylL1ACclUNO0IIL9Z7U6uzX6v7mPfDSR3d6tshnNvk9ifFbq577sdGZoBJ3F5yg"},
    {"no padding",
     "vyzwMt8Ivpwp8lIcrfZtmxrT_FxdmA0_UcyHNiP88CRM9yRKT8YMnrUBgQhzHd1Pg84rUhdeGsofwsWqtpbVYdDMo8ii_"
     "wQ64M526wjiW9P6eU1MJlDJJeRyr8RlK1Mb5d_iZ_o6MHL4yxj7WTpeJyTQ3BN7VGsg_wNt5bX8iHDAQrLp9J-"
     "niKhbpuNIVkLi94gv5mDLV0EoSZK4OoEO9LorXyikXFTzeHsdkJHSDe9bUNcHHtV6-"
     "bMwLmHB8dIKML5EB18njmQCLqBerDI5aMdylL1ACclUNO0IIL9Z7U6uzX6v7mPfDSR3d6tshnNvk9ifFbq577sdGZoBJ3F5yg"},
    {"a padding byte changed",
     "sQJGEZl8mKebEKkcR6vzlRxbcMEqykmX7USakZesuwQZE5xhCMEysQpW_Of3aemt6LlSQrhxpcTOdtTP5mpfOwi3wH5MdM5H-"
     "kXcwUVCzd7yqobZ4odwVmcoQkIPQf2z6caDZjiafBI6HOoeobpYfvFAZ75bdWicrKIQku4fMiBVYmoO7kj3tzrTlPVJTnFYG-_"
     "iTlWE1yLuoLvgRhYiX12g1uqaBS08bNYFK3dP_N6iSoZg_GDPU1MiRQB7vIcWq33fOKdJQcc6OHUevRtbOQa4PjRzvtS39RFxTY7-"
     "T4Uhso3mDcpyQEmh8TqfGAe9sV1S2QMv5e1U-jRpdf4FmA"},
    {"short padding and garbage behind the digest",
     "EFtN9nRHXn-JUWAeTeL5A7XKzkuWdOUCeEaFHa3SPJggwC8Ikx2w5-XQcO-KRAzW5VDIzkCbmiQvxVO8a6k7vSiqTVdEUDX-"
     "fgGrpJ6NMMQfMoHgDd840V4Crom_xP6IeTcbnZCb0mk-raF1F99AFhco3_Sf7FsKCydSNrWz-enPUfLj-ikJfmgP8NRnC6xasnt_"
     "WguovdU7eFDVSEntH7JfuS5PHOJolMBIJ3ZPKPrf_N0uaOqp8ztcjspqzQWmm6GK4t25n-Ad7vfpSx26u1rWq7HKanMPXhB0a-"
     "cHzV13UALZ0VzJOrCNPWoIH4MtnPxp_PaOkvuKuQqjW85AhA"},
    {"short padding and garbage before the digest",
     "NTUEUqv3diwvInX9PjYBg8BfcdIoNEmnJ1ppkNIMEi_zPNMfRlIee4x_qFsvZFURY_pZ26WWNtWah9e8VKV_rr7OZbxVeABtMbdRlxzteQ-"
     "jFFfDJDZDroc0AmKxqx0UlgaJauM6xBQ6ws4hIJ9nN7AhX7vSqTFeh-XSOTwLq4sUW1GquF_"
     "Qq1SLpvdmkq0EmmKAIBkjn7yED02vgTmCf7QWcOFfoyghAPc3z69WMnBcCFPSfQmWFPCwIuGx_"
     "rNZ4hdW8oLpatvfCQAbHbcWR5Z7UR96LJZ7EjcdF4mOe1ISOxLM8jiMjSfgwfreL1DpTMoroT4TzB2IWEyeujfRXg"},
    {"one byte behind the digest",
     "qXwuQoqlwqhvHq-HRGUB_lImeuyV5nVu6DH9wtn8ciJBcZx8c6osQ5mXJbJ_"
     "6L8EOumGytQ1ULaqQNC4aqQzVMiDFI3fK9FWCrMi8Y7gm2Ax6uqiPRVn87p4LqWw93A1jf6auUSdLJXEuMUe9YxzsEEFr5yOGnTwc2c_"
     "VTw226mwzTUean9AC48s9DY2ICZB4n-3jxf6OY1hySHfn6bLOCl8xxDEz2Y0eEa914sAVEeYzym7EecUnmhTmjLlGL0l_n8fhBw6--"
     "CojxVLJnSt9DRZY-_baIHy2cSjPbz7BRX_NagzIs7xzwiEnZ7ebsoWr8ILc_xPWusvwY8f78Fbeg"},
    {"no separator",
     "D9459MbPC0hRPxzkTwj3dJL0z7lhCrPROes3n9LBTG5B6fy21NDuh2pE_HI1GZ5XR9fxD1VFrQv8EksVKQ1U0NmayWCyQBqKNNZxE8gSJ5PJ7z_"
     "nVS8F2-PNH6JwE_I7scz5Hkhpnbb1e2m-lbB2WiQum0Etm8MT7ERCh6fA7n4OLzqOOBUQ_"
     "AGOMPe5YPQKcqfU0zp44zX1GlkdVZn2pntbbHsQFRNTNyj1K8eEK-p7gh8odaXVMXXKx10K3jpSQJ_nABlULCYbF6ahjxKOwHcceiJD3YtsU_"
     "6NPrQ0KC4rMU7FRC366zYbfcDNawzeq1S3il5e6vuXrVTUSfAlkg"},
    {"digest info without NULL",
     "GaTLFHp6qy6HrgYxq1rung4dbQsjs-Mh_"
     "qji7eS5e5bhwPUiUkkm30yzwy9iSp1LezuLAV46iGgPXQt6Cga0kJ5Y7WayeKXXclemZDDDE2m4SnfavPuwpOCns6DxTlKsNy4s5utJG71xvxkHWF"
     "TxcTA89ld4M462IIqkWXjqtFbrRFtws0G27PK_JAWWcSsWMBFvC9OzSUOJs8SOUIvAV4-"
     "ThX1FIGOpCSMzdvQIAWd7zD9D21levAtf2U0kTRXyHnOAKW14o96A71uyesvXNQcgBSYYLJ7r0fnhp0DqG1jIWyGKmDPSh5ZovQayX-"
     "bPNgQLbLQNZbfAv7CJcZ2p5Q"},
    {"no digest info",
     "gL2ezZv9uPSiDjjTPM5ZF_shd4HZFl4SmMdmXt3O8w4llITXEp1yGnuWU-GogTHZh_M7TjZomLv1FtlSHROVF-"
     "LO62KFtq6Om3rphd82DY2YDmW4sGKFY51T0-D9_ZNsFgPjPNaon2wafV-stSKTySpbZElNQIj1nYH-kkGbmvs2i5rM64_"
     "RpssYV9QH0Bl9W6sO4OsANqhC0SUoj9iDSD79kKz90F6UkuyiWIOZtWC-VwEnvXYJyDONV7vN3d8JfudOR3_"
     "FSt8n4YsZOMMXoLxfLCjEJmgKMxg8rYWxmXQIhF33hxs1KPEFvrlcx9k3VLQcss840stnKUx5vDzTrQ"},
    {"digest info of another algorithm",
     "EemCfKeawUSd6p9eI9FhWSOGMiDN1rRWcsYDNB2GZfjUqA_0BxrCsHw5A84zqAC_g0zKp1Jdg-ivWca_"
     "ILOu0nNM8pj7l25UBFJctJYl2yaQyF5NBtigntM8xt7uYrZrnFAJxudLXUz4kyM6UQjkmrtlsbNH7cEdquUzo3lKPmRUhoKuyivtOYDALlyEsck98"
     "XzyvE4pT60cYDXjS16p5kL6TNuEOamPJjZ3cJF6FLQe7qA0VgBjYJasIkXQjHXaF2FsgLuYOc3zufVhX1e8g142Q5t6C75eyFaGoMNOudG9zQS8Ou"
     "BZMeqXCzOggi9bUOh630tlVFRo1Q8vngomiw"},
    {"digest of another message",
     "P-4WjAyHAB_vNeBL7kGh_pyLJVRMc66qUU4ng_JW1Xlei4C3bm8VsC7A9xZqtclfV9aiNjKVYWoibmV3DXD-"
     "1FUc2IkqM2CoWQRDQtBuHUFj6hVZaHWXkgqYrv-4-MYfkD-KTapjdqMAP86tqJnlSKL51Mi8CU41msZRl_YlU_baobwT70-34Nbzi-"
     "scDc0HkCRatPonDlpRcL2hkIYqafjLufHA0bQkUzMFFk4euHSvoJ2H2skXA6nw3dyu67mpVDTsQZQJ36PZrOYN3J4GErz90hdf5qbQ24BBXvGwVEj"
     "_F713ieM1olSyOv2AsqOLxnazTHfPC50Ea_BA7S44ug"},
    {"length in the long form",
     "VyrHO-u16vjk1JJsXiY38lhpu370p0evLAmGIyo2TRirV1Dhu76JeaSdUk_"
     "v5TDPpjjL3WHS1PhFLEvfV2ivfispapCTwrtqtVHJcNE9dhdLpBGDTg3LXAAjg_zZVW7aPzAQetfOEFdNyDzf_"
     "fgHPDTCkWUhlwtmptFwOcgKdgJhEDjcPsk6QuJyzZAP_FAdNplSZSnmZM_871KuSXYvYikC_18dQFEFaHmC4c6A_c66xiumCC_"
     "gweboUojRqtz5iswg8aWs6j1bUXEIJx1dvGto8Jue28B377OdPpFA0_ghruzlljyOJL0OH82nyvJ6WLkRrdyfLAd_-wDFTdAw9A"},
    {"zero",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAA"},
    {"one",
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAQ"},
    {"modulus",
     "w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_"
     "9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-"
     "nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNhzEqFoMPbAIJ7-"
     "d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVmV3cymkZ1SShZKsTzp2exrbFIHi"
     "dP9MnnHVoo52xP6w"},
    {"modulus less one",
     "w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_"
     "9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-"
     "nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNhzEqFoMPbAIJ7-"
     "d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVmV3cymkZ1SShZKsTzp2exrbFIHi"
     "dP9MnnHVoo52xP6g"},
    {"a zero byte before",
     "ABp3cvljr1ZLF4dDXGjtJsEheA5XifFrC2Gyg2sPy9fGNHURvOE2GugT891ns9ofr-q1CHP8w-"
     "Ig3SwtDi9NuD6ckf4urxpzfr6Fy4JGFhwOEUMl0G0Lxz0L6AaPP9wZoit04iJIZ3aSwxarRkbNFJMqPQUysLDwQE8SJmOGAFfO_"
     "C6RrhLWuRF36KXkT9SF8cBCYLC6OXseZfLItusz7pQPt9K2_O4yQoPlpuOZc5JS_w9w5CLFIfER7dAsX2NDrS5gzv-"
     "6qy3zn7zU9AsgUHsyjaEyl2ckeI4CEKRRe-J13b_zVZ51H4h4s0s3TBbsw8AUJWSz0dFASbWZMyByiG0"},
    {"a byte behind",
     "Gndy-WOvVksXh0NcaO0mwSF4DleJ8WsLYbKDaw_L18Y0dRG84TYa6BPz3Wez2h-v6rUIc_zD4iDdLC0OL024PpyR_i6vGnN-"
     "voXLgkYWHA4RQyXQbQvHPQvoBo8_"
     "3BmiK3TiIkhndpLDFqtGRs0Ukyo9BTKwsPBATxImY4YAV878LpGuEta5EXfopeRP1IXxwEJgsLo5ex5l8si26zPulA-30rb87jJCg-Wm45lzklL_"
     "D3DkIsUh8RHt0CxfY0OtLmDO_7qrLfOfvNT0CyBQezKNoTKXZyR4jgIQpFF74nXdv_NVnnUfiHizSzdMFuzDwBQlZLPR0UBJtZkzIHKIbQA"},
    {"the last byte missing",
     "Gndy-WOvVksXh0NcaO0mwSF4DleJ8WsLYbKDaw_L18Y0dRG84TYa6BPz3Wez2h-v6rUIc_zD4iDdLC0OL024PpyR_i6vGnN-"
     "voXLgkYWHA4RQyXQbQvHPQvoBo8_"
     "3BmiK3TiIkhndpLDFqtGRs0Ukyo9BTKwsPBATxImY4YAV878LpGuEta5EXfopeRP1IXxwEJgsLo5ex5l8si26zPulA-30rb87jJCg-Wm45lzklL_"
     "D3DkIsUh8RHt0CxfY0OtLmDO_7qrLfOfvNT0CyBQezKNoTKXZyR4jgIQpFF74nXdv_NVnnUfiHizSzdMFuzDwBQlZLPR0UBJtZkzIHKI"},
    {"empty", ""},
    {"a bit changed",
     "Gndy-WOvVksXh0NcaO0mwSF4DleJ8WsLYbKDaw_L18Y0dRG84TYa6BPz3Wez2h-v6rUIc_zD4iDdLC0OL024PpyR_i6vGnN-"
     "voXLgkYWHA4RQyXQbQvHPQvoBo8_"
     "3BmiK3TiIkhndpLDFqtGRs0Ukyo9BTKwsPBATxImY4YAV878LpGuEta5EXfopeRP1IXxwEJgsLo5ex5l8si26zPulA-30rb87jJCg-Wm45lzklL_"
     "D3DkIsUh8RHt0CxfY0OtLmDO_7qrLfOfvNT0CyBQezKNoTKXZyR4jgIQpFF74nXdv_NVnnUfiHizSzdMFuzDwBQlZLPR0UBJtZkzIHKIbA"},
    {"reversed",
     "bYhyIDOZtUlA0dGzZCUUwMPsFkw3S7N4iB91nlXzv9114ntRpBACjngkZ5cyoY0ye1AgC_TUvJ_zLau6_85gLq1DY18s0O0R8SHFIuRwD_"
     "9SknOZ46blg0Iy7vy20rcPlO4z67bI8mUeezm6sGBCwPGF1E_kpeh3EbnWEq6RLvzOVwCGYyYST0DwsLAyBT0qkxTNRkarFsOSdmdIIuJ0K6IZ3D-"
     "PBugLPccLbdAlQxEOHBZGgsuFvn5zGq8u_"
     "pGcPrhNLw4tLN0g4sP8cwi16q8f2rNn3fMT6Bo24bwRdTTG18sPa4OyYQtr8YlXDnghwSbtaFxDhxdLVq9j-XJ3Gg"},
}};
inline constexpr std::string_view wrapped_message = "message 3";
inline constexpr std::string_view wrapped_signature =
    "4cShamDvWN20DRAwKOky0sT8DVG8UnT--77zycWRASCu4oM3h69qa72aZTdXlqLpKhDuOsdamUJGo1fCUHZa_sUP95A2u5XMPSi1"
    "m0sdUEsZ_o8GFPUWkgH2R0wvr0j-tFrIgRjWHQIbcKBzgjlmUjS0hXqLZfDRJZuHVskZl2CX1SQJ7cC-zTAdayK2WRlf3tiWclf8"
    "qdU3RYlaoj8ESD2AD1ZWnmujenk4xJDLrxEshx4UnaQ3D0RxzbxLFOuesc6j7ig2lVS6m1DggBlyf0TMV_w5C1UrIAeK46YTufO7"
    "D6JNPE3ok031k-rUeYOCC79CAWJ7fMdJuwQkWwNUhg";
inline constexpr std::string_view small_modulus =
    "1f-rQr_G_CvO0FUmVNikmAnYxpBAeSm3ms7oT31xX8DFVsC1jK0ywUEuapTjN3H-bs5cVwabveib1l94eAP4eMhtbfjArI3QvemW"
    "WDjSSTWnVtEeXkHqvSeBl_nfJqG-BJzgUvO2JQC7wRgPg6F5w5S3Su0o0a-gTfeR_UK_2B8";
inline constexpr std::string_view small_signature =
    "MEZnjP7Zz-to-Zq26l9hGzC8WJ4sDI0hWL1rjCmfCnLCVzt9PJIcQKLp1A-1BqrHVFUumVKSE5OJggxDxDsFEqvlgJSskBs4D2L3"
    "CE2VhYR5lfecC-ciXX-w-luNYtlalyGuzlqKx42-pVFpBKqA65mv7Kt6zviMTm9Kuj34rD4";
inline constexpr std::string_view first_modulus =
    "w2AtDfvjL6C6HHbs4JRQaLqpuLKnG9lQ0Z9nt79xX3LPAamckKf3EELV7IBwEgk5H0I_9TPh5Q90RKkqkfpad3tDBb9slmyNK3p3"
    "eptqcINQsR5hOVvjBAIb1Ni7pC-2qqTF9IgmguvzXyEaaJeo8RwAuYDIGAQm-nIYViUaaCH1uI8ZbcDwhRz1mw7U7lE20FzKeYNh"
    "zEqFoMPbAIJ7-d8Hj9y8Xqe6COuHEiikhi3yNVEu6gLVl5JGepCA7GF7cygBOik4Nv0kefHzrmY2ayNG97pkXtsaRKekgXYaHYVm"
    "V3cymkZ1SShZKsTzp2exrbFIHidP9MnnHVoo52xP6w";
inline constexpr std::string_view second_modulus =
    "yoVP4bG51CJgnds3-q7EeWbWMddDhOrpiSsl_GqB4RqsCggbk8HjX4BxDlMlvbNPYt4LKrkmhmzp75417EJMegH2D8LE4O8UL0wt"
    "w4Mf7xJOcptl3y1umSm5EUcQc-1eCW8roC7N3ft5tRHXVkak9BeKlOwJEaAxjR2w_rhUHRoBuyJ9-bQw8oZZPzwaEp6ycSoyQ5x2"
    "r-Q3--ev5V1CjJW6AxuerKtaG1f3AdcZV5hisH5_1jY4qQleq7Qz30CnmTWy3KEcVGQJYPJGN1K5tkDW1QR-hfTVp_b_CBgAlq-G"
    "bkoWQmCWTE42kHRC03d5FbZ0fKLe1cszdZ4G136W2Q";
inline constexpr std::string_view token =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImZpcnN0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi"
    "YXVkIjoiYXBpIiwic3ViIjoic29tZWJvZHkiLCJzY29wZSI6InBldHMvcmVhZCBwZXRzL3dyaXRlIiwiaWF0IjoxNzM1Njg5NjAw"
    "LCJleHAiOjE3MzU2OTMyMDAsImdyb3VwcyI6WyJhIiwiYiJdfQ.sJp80j1Du3c8UdLfFF0vYttOlj5rHMD2tP_zZZMs1ZuaYlU3i"
    "mQ69vusDyDsY-9_qjwxckCz4XDJWJVe8Xe40R-CyttYE5ZCIN4YKmilvBZqikeiKevQc1qPiydo68TU0eBCwpw4hQ5SPGtXrS6su"
    "d0xhuJ0L7-IPI90SYfee8fZ6MmALHWxIEd43jidLqjzzJQe3RcyVa1jwu9gepHLNqcZdTh5HaH6SG_EdpyKg55gnutajWRaWMgYj"
    "x2AdHlREm6_ZgYnYKteWCF7nKTZ46e3r4EWgZdBYm6KT6i_1Ky6XIPnTIKV9kALanZESTmAyNncpuhgROqywq4eERWl0A";
inline constexpr std::string_view token_rs512 =
    "eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCIsImtpZCI6ImZpcnN0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi"
    "YXVkIjoiYXBpIiwic3ViIjoic29tZWJvZHkiLCJzY29wZSI6InBldHMvcmVhZCBwZXRzL3dyaXRlIiwiaWF0IjoxNzM1Njg5NjAw"
    "LCJleHAiOjE3MzU2OTMyMDAsImdyb3VwcyI6WyJhIiwiYiJdfQ.CKRmpTxiMfQJTobBXDegwRD2CT0DiEPiTOT6CRRz87B4rGngp"
    "UiqsvrPbjLNfFmzco-rPx6L6B8QVNWOiVJjcJcRwcuryilCuRDeK9O0Y8ow34C_K7T6BtwdF-Y3ZiyJcCz5ZFX4Z9RPUtVH9xi0m"
    "bVaY4RCPemxO08_cQWVpByJKAanXaQHXNmQn0K_n8UAslIlT9pBWYLj1Gf46NP9TSKBWlfTsvUTJbi09GFslDPmcj4L402MiXMXa"
    "F8vNcZ64gg8EoK8x6NjkyPlFrLnmaBI1RHU9EbvGy9YOkjyk0W8iPMkFRfRQmLvw7P8h23DfAOuKlfeNsll93brBtQPpw";
inline constexpr std::string_view token_of_second_key =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6InNlY29uZCJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiw"
    "iYXVkIjoiYXBpIiwic3ViIjoic29tZWJvZHkiLCJzY29wZSI6InBldHMvcmVhZCBwZXRzL3dyaXRlIiwiaWF0IjoxNzM1Njg5NjA"
    "wLCJleHAiOjE3MzU2OTMyMDAsImdyb3VwcyI6WyJhIiwiYiJdfQ.K2WIULO5yLroizHyIfUei35yBr-YH_zjPYADT622pcnlO0Ud"
    "ix127K6S6XSvC9-e7o1ztCr-NUSlZIFM80tHIbElKuLoSip92WHBb8y9S7nFlz5tvyIm8XtlN2Yim9XzoUJj5E_obzSw47PRZRiX"
    "iJ3LJeXkGGpBl92_c61onctG5Hoqe_6PVpvBObbHZWIpaBxbQJ1AF5nUJHvNMhNMt2YNdUkUyV1VrKXVCA-XpP4d-kCGPhkl0ieJ"
    "SIELRvBmhhh7G5YI2eoa42LsM21Zj9Tho9xE2FBqKY7sX6nu_g5ebYT9biDGLLsjzw_ONw8uHS1jmJPKAy4m8SJTEcRbSg";
inline constexpr std::string_view token_of_second_key_as_first =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImZpcnN0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi"
    "YXVkIjoiYXBpIiwic3ViIjoic29tZWJvZHkiLCJzY29wZSI6InBldHMvcmVhZCBwZXRzL3dyaXRlIiwiaWF0IjoxNzM1Njg5NjAw"
    "LCJleHAiOjE3MzU2OTMyMDAsImdyb3VwcyI6WyJhIiwiYiJdfQ.dsYv_lWb1-ogoA13R9vGs8UiZEVayQAuAfTW0Srad8IvIzMgP"
    "e4lPrb8XO2OQoKccVzBb86YXgrjEetzkn3DyMQl1rNCjagOUJbsxyDbJSFDuEEIFGFySIZ9NctnhbG53orTqKP5eIE9kjPpcmCBC"
    "wJN4n1Qe2Q91CKCTz9afdRHJtA937FS_F6TDeVYV0kSyKMCb7zVmKdSQW6JG6buWtt3dhzYUxMCSjxG4k0DKTehnLftUXv7Trj6Q"
    "BPxJn-YJWwvNtDVQ6UF47VQwLKJ2sKQMvkfsf6p4sS8rwg30uyBOZRCDxsnuBGRHJX0xS7KvQE3pu7MQBSNE22B378eVw";
inline constexpr std::string_view token_of_another_audience =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImZpcnN0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi"
    "YXVkIjoib3RoZXIiLCJzdWIiOiJzb21lYm9keSIsInNjb3BlIjoicGV0cy9yZWFkIHBldHMvd3JpdGUiLCJpYXQiOjE3MzU2ODk2"
    "MDAsImV4cCI6MTczNTY5MzIwMCwiZ3JvdXBzIjpbImEiLCJiIl19.Gq3L9lyvcS3ucGf_gCZbDDV-fSaqJEMk99BbiwmekSK43q1"
    "bvic7ZBwMMU14_Ee04d0FeWY6Np17UwI9gRJwGfJNC2IAtrkYrLSgwMgEl-E_JShUNXzyf3aC4ab4ZIj1MSU1UnV_77bhaEH-rtQ"
    "FNLPSzO9541AptT-Y-gj8Dbn-0fOlTbp_ar5ny6634g7R3sm7DJ5E1UROllRxcOc17AK8Lj34iY3udS2qclQaDXrdMLaXfwQ8yNp"
    "a542oJRagbgQSZtTbhQjkLVOHsengbAm9MxqAQkAyHpiFK2CYOy1sRoNDJ8BfXRp2k8nY8spaoBlk2f75jtIQyxcYLxSdVQ";
inline constexpr std::string_view token_without_scope =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImZpcnN0In0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwi"
    "YXVkIjoiYXBpIiwic3ViIjoic29tZWJvZHkiLCJpYXQiOjE3MzU2ODk2MDAsImV4cCI6MTczNTY5MzIwMCwiZ3JvdXBzIjpbImEi"
    "LCJiIl19.jqeQ6aec2QR0c-SuBFQXfYnZMn89wDCTfG3ypuSoUJq3HZhvRPTDV1Fbn2NR9Lo9vphALUf27y6KovM1vjQ5_hN-tir"
    "-Sjizkgv7WHdWcvoNqtXGQd-m9VtCoon5wvELDqsI7Mj-LcFqU1UBdiE6iu-SoLBIwQ_BKwezCw-KXWNXFK9YfDF-OvjyZO61Xfs"
    "0gfhSgP019z5Vl-ItQhX0fV1g7PAjAf5OcWp4cmVPxurL4EPxpaCmoznHQonWwDPCpToBQDfUoINniOdken4maT7Qui7hkzxFSQc"
    "jPtp6q5isHuY7Dl-WGADL8NAaS1-bf0Q88kHAJ6k_IQaKMlwCsw";

}  // namespace kelvin::test::signed_tokens
