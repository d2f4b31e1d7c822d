// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {BalanceSheet} from "../../contracts/libraries/BalanceSheet.sol";
import {ChainInstance} from "../../contracts/libraries/ChainInstance.sol";

contract ChainInstanceTest {
    function testFuzz_TheIdIsTheOneGiven(bytes32 id) public {
        if (id == 0) return;
        require(new ChainInstance(id).id() == id, "id");
    }

    function test_AnEmptyIdIsRefused() public {
        try new ChainInstance(0) {
            revert("an empty id was taken");
        } catch (bytes memory reason) {
            require(bytes4(reason) == ChainInstance.EmptyId.selector, "reason");
        }
    }
}

contract BalanceSheetTest {
    function balanceOf(address holder) external pure returns (uint256) {
        return uint160(holder);
    }

    function test_TheAnswerIsEveryBalanceInTheOrderAsked() public {
        address[] memory tokens = new address[](2);
        address[] memory holders = new address[](2);
        (tokens[0], holders[0], holders[1]) = (address(this), address(7), address(this));
        // What a call would answer is what a creation leaves as code.
        bytes memory answer = address(new BalanceSheet(tokens, holders)).code;
        uint256[] memory balances = abi.decode(answer, (uint256[]));
        require(balances.length == 2 && balances[0] == 7, "of the token");
        require(balances[1] == address(this).balance, "of the native coin");
    }

    function test_TokensAndHoldersMustBeAsMany() public {
        try new BalanceSheet(new address[](1), new address[](2)) {
            revert("an uneven question was answered");
        } catch {}
    }

    function test_ATokenThatDoesNotAnswerFailsTheWholeRead() public {
        address[] memory tokens = new address[](1);
        tokens[0] = address(new ChainInstance(bytes32(uint256(1))));
        try new BalanceSheet(tokens, new address[](1)) {
            revert("a missing balance was read as zero");
        } catch {}
    }
}
