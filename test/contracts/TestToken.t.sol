// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {TestToken} from "../../contracts/mocks/TestToken.sol";

/// Somebody who is not the owner.
contract Stranger {
    function mint(TestToken token, uint256 amount) external {
        token.mint(address(this), amount);
    }

    function take(TestToken token, address from, uint256 amount) external {
        token.transferFrom(from, address(this), amount);
    }
}

contract TestTokenTest {
    TestToken private token;
    Stranger private stranger;

    function setUp() public {
        token = new TestToken("USD Coin (test)", "USDC", 6);
        stranger = new Stranger();
    }

    function test_DecimalsAreThoseOfTheConstructor() public view {
        require(token.decimals() == 6, "decimals");
    }

    function testFuzz_TheSupplyIsExactlyWhatWasMinted(uint128 first, uint128 second) public {
        token.mint(address(this), first);
        token.mint(address(stranger), second);
        require(token.totalSupply() == uint256(first) + second, "supply");
        require(token.balanceOf(address(stranger)) == second, "balance");
    }

    function testFuzz_OnlyTheOwnerMints(uint256 amount) public {
        try stranger.mint(token, amount) {
            revert("a stranger minted");
        } catch (bytes memory reason) {
            require(bytes4(reason) == Ownable.OwnableUnauthorizedAccount.selector, "reason");
        }
        require(token.totalSupply() == 0, "supply");
    }

    function testFuzz_ATransferMovesAndNeverCreates(uint128 minted, uint128 asked) public {
        uint256 amount = minted == 0 ? 0 : asked % (uint256(minted) + 1);
        token.mint(address(this), minted);
        token.transfer(address(stranger), amount);
        require(token.balanceOf(address(this)) == minted - amount, "left");
        require(token.balanceOf(address(stranger)) == amount, "moved");
        require(token.totalSupply() == minted, "supply");
    }

    function testFuzz_AnExactApprovalIsUsedUp(uint128 amount) public {
        token.mint(address(this), uint256(amount) + 1);
        token.approve(address(stranger), amount);
        stranger.take(token, address(this), amount);
        try stranger.take(token, address(this), 1) {
            revert("took more than approved");
        } catch (bytes memory reason) {
            require(bytes4(reason) == IERC20Errors.ERC20InsufficientAllowance.selector, "reason");
        }
    }
}
